/** `lame_duck_duration`: a leaving server moves its clients away over this time. nats-server rejects less than 30 s. */
export const LAME_DUCK_DURATION_SECONDS = 30;

/** `lame_duck_grace_period`: the time before that move begins, in which clients learn of the other servers. */
export const LAME_DUCK_GRACE_SECONDS = 10;

/**
 * The time that the kubelet waits before it kills the container: the whole lame duck mode, and time to close the rest.
 */
export const TERMINATION_GRACE_SECONDS = LAME_DUCK_DURATION_SECONDS + 20;
