/** The override for machines that cannot pull the image of the exporter: a nats-server listens on its port instead. */
export const EXPORTER_OVERRIDE = `StatefulSet/servers:
  spec:
    template:
      spec:
        containers:
          - name: metrics
            image: nats:2.15.2
            command: [nats-server, -a, 127.0.0.1, -p, '4333', -m, '7777']
            args: null`;
