// The bundle has this file in the place of the ways to authenticate of the Kubernetes client, and of its YAML parser.
// The action reads kubeconfigs and runs credential plugins by code of its own (docs/decisions/007-kubernetes-client.md),
// and gives the client one provider of headers.
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
