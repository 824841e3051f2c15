#!/usr/bin/env bash
# usage: docs/deployer.sh NAMESPACE FILE [RIGHTS...]
#
# Creates a service account for the action in NAMESPACE, grants it the published permissions, and writes a kubeconfig with
# a token of that account to FILE. It uses the current context of kubectl, which must be allowed to grant these permissions.
# A second run grants further permissions, or renews the token.
#
# RIGHTS (default: deploy), each a Role of permissions.yaml in NAMESPACE:
#   deploy          deploy, plan, rotate and verify
#   verify          verify alone
#   verify-objects  verify without a connection to the servers
#   delete          delete, and prune in this namespace
# RIGHTS on the whole Kubernetes cluster:
#   nodes-and-namespaces  list nodes, create namespaces: checks the number of nodes first; needed for create-namespace
#   delete-namespaces     delete any namespace: needed for allow: delete-namespace
#   all-previews          list Leases in all namespaces: needed for prune with all-namespaces
#
# DURATION is the lifetime of the token (default: 1h). The API server may shorten it.
set -euo pipefail

if [ $# -lt 2 ]; then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "$0" >&2
  exit 2
fi
namespace=$1
file=$2
shift 2
[ $# -gt 0 ] || set -- deploy
account=nats-deployer
permissions=$(dirname "${BASH_SOURCE[0]}")/permissions.yaml

# Prints one object of permissions.yaml, without the others.
object() {
  awk -v kind="$1" -v name="$2" '
    function flush() { if (text ~ "(^|\n)kind: " kind "\n" && text ~ "\n  name: " name "\n") printf "%s", text; text = "" }
    /^---$/ { flush(); next }
    { text = text $0 "\n" }
    END { flush() }' "$permissions" | sed "s/NAMESPACE/$namespace/"
}

# Applies a Role or ClusterRole, and binds the account to it. The binding of a ClusterRole has the namespace in its name,
# because other namespaces have accounts of their own.
grant() {
  local kind=$1 name=$2
  object "$kind" "$name" | kubectl apply --filename -
  if [ "$kind" = Role ]; then
    kubectl --namespace "$namespace" create rolebinding "$name" --role "$name" \
      --serviceaccount "$namespace:$account" --dry-run=client --output yaml | kubectl apply --filename -
  else
    kubectl create clusterrolebinding "$name-$namespace" --clusterrole "$name" \
      --serviceaccount "$namespace:$account" --dry-run=client --output yaml | kubectl apply --filename -
  fi
}

kubectl get namespace "$namespace" --output name 2>/dev/null || kubectl create namespace "$namespace"
kubectl --namespace "$namespace" create serviceaccount "$account" --dry-run=client --output yaml |
  kubectl apply --filename -
for right in "$@"; do
  case $right in
    deploy) grant Role nats-cluster-action ;;
    verify | verify-objects | delete) grant Role "nats-cluster-action-$right" ;;
    nodes-and-namespaces) grant ClusterRole nats-cluster-action ;;
    delete-namespaces) grant ClusterRole nats-cluster-action-delete ;;
    all-previews) grant ClusterRole nats-cluster-action-prune ;;
    *)
      echo "$right is not one of the permissions: run $0 without arguments to list them" >&2
      exit 2
      ;;
  esac
done

cluster() {
  kubectl config view --raw --minify --flatten --output jsonpath="{.clusters[0].cluster.$1}"
}
token=$(kubectl --namespace "$namespace" create token "$account" --duration "${DURATION:-1h}")
authority=$(cluster certificate-authority-data)
umask 077
cat >"$file" <<EOF
apiVersion: v1
kind: Config
clusters:
  - name: cluster
    cluster: { server: "$(cluster server)"${authority:+, certificate-authority-data: "$authority"} }
users:
  - name: deployer
    user: { token: "$token" }
contexts:
  - name: deployer
    context: { cluster: cluster, user: deployer, namespace: "$namespace" }
current-context: deployer
EOF
echo "wrote $file"
