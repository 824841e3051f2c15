// The bundle has this file in place of the generated part of the Kubernetes client. `KubeConfig` uses that part
// only to make typed API clients, and the action makes none: it sends requests directly.
function none() {
  throw new Error('the bundle has no typed API clients');
}

export { none as createConfiguration };

export class ServerConfiguration {
  constructor() {
    none();
  }
}
