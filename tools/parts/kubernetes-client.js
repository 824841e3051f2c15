// What the bundle has in the place of the generated part of the Kubernetes client. `KubeConfig` uses it to make typed API
// clients alone, of which there are none here: requests are sent as they are.
function none() {
  throw new Error('the bundle has no typed API clients');
}

export { none as createConfiguration };

export class ServerConfiguration {
  constructor() {
    none();
  }
}
