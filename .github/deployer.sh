#!/usr/bin/env bash
# usage: deployer.sh NAMESPACE FILE
# Makes the namespace, applies what docs/permissions.yaml publishes, and writes a kubeconfig of an account that may do
# that and no more.
set -euo pipefail
namespace=$1
file=$2

kubectl create namespace "$namespace"
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted
sed "s/NAMESPACE/$namespace/" docs/permissions.yaml | kubectl apply --filename -
kubectl --namespace "$namespace" create serviceaccount nats-deployer
for role in nats-cluster-action nats-cluster-action-delete; do
  kubectl --namespace "$namespace" create rolebinding "$role" \
    --role "$role" --serviceaccount "$namespace:nats-deployer"
  kubectl create clusterrolebinding "$role-$namespace" \
    --clusterrole "$role" --serviceaccount "$namespace:nats-deployer"
done

cluster() {
  kubectl config view --minify --flatten --output jsonpath="{.clusters[0].cluster.$1}"
}
umask 077
cat >"$file" <<EOF
apiVersion: v1
kind: Config
clusters:
  - name: cluster
    cluster: { server: "$(cluster server)", certificate-authority-data: "$(cluster certificate-authority-data)" }
users:
  - name: deployer
    user: { token: "$(kubectl --namespace "$namespace" create token nats-deployer --duration 1h)" }
contexts:
  - name: deployer
    context: { cluster: cluster, user: deployer, namespace: "$namespace" }
current-context: deployer
EOF
