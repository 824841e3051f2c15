// The bundle has this file in place of two parts of the Kubernetes client: its authentication methods, and its YAML
// parser. The action has its own code that reads kubeconfigs and runs credential plugins
// (docs/decisions/007-kubernetes-client.md), and gives the client one provider of headers.
class NoProvider {
  isAuthProvider() {
    return false;
  }
}

export {
  NoProvider as AzureAuth,
  NoProvider as ExecAuth,
  NoProvider as FileAuth,
  NoProvider as GoogleCloudPlatformAuth,
  NoProvider as OpenIDConnectAuth,
};

export function load() {
  throw new Error('the bundle does not parse a kubeconfig by the Kubernetes client');
}
