/** The capitalized words in strings of src that are not reasons: kinds, fields and states of Kubernetes, titles, units. */
export const OTHER_WORDS: readonly string[] = `
ActionError All Always AlwaysAllow Apply AuthorizationError Background Cause Certificate Certificates Cluster
ClusterIP ClusterRole Completed Config ConfigMap Configuration Consent ContainerCreating Credentials
DeleteOptions DisruptionTarget Ei EndpointSlice Endpoints Error Event Events Eviction ExecCredential
ExternalIP ExternalProvisioning Failed FailedBinding FailedCreate FallbackToLogsOnError False Foreground Gi Go
Group Helm IfAvailable IfNotPresent Ingress InternalIP Issuer JetStream Ki Killing Kustomization Lease
LoadBalancer Mesh Mi Namespace Namespaced NetworkPolicy Never NoExecute NoSchedule Node NodeNotReady NodePort
Nominated None Normal NotTriggerScaleUp Objects OnDelete OnRootMismatch Opaque Orphan Parallel Pending
PermissionViolationError PersistentVolumeClaim Pi Pod PodDisruptionBudget PodInitializing PodMonitor
PodScheduled Pods Preempted Previews Python ReadWriteOnce Ready Rendering Report Retain Role RoleBinding
RollingUpdate Rotation RuntimeDefault ScheduleAnyway Secret Secrets SelfSubjectAccessReview SelfSubjectReview
SelfSubjectRulesReview Service ServiceAccount Stale StatefulSet Status Stopped Strict Success Summary Target
Ti TimeoutError Tls TriggeredScaleUp True Unhealthy Unknown User UserAuthenticationExpiredError WatchFailure
`
  .trim()
  .split(/\s+/);
