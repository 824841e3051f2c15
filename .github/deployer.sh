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
kubectl --namespace "$namespace" create rolebinding nats-deployer \
  --role nats-cluster-action --serviceaccount "$namespace:nats-deployer"
kubectl create clusterrolebinding "nats-deployer-$namespace" \
  --clusterrole nats-cluster-action --serviceaccount "$namespace:nats-deployer"

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
