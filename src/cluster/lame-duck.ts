/** `lame_duck_duration`: over this long a leaving server moves its clients away. nats-server refuses less than 30 s. */
export const LAME_DUCK_DURATION_SECONDS = 30;

/** `lame_duck_grace_period`: before it starts with that, so that clients learn of the other servers. */
export const LAME_DUCK_GRACE_SECONDS = 10;

/** How long the kubelet waits before it kills: the lame duck whole, and time to close what is left. */
export const TERMINATION_GRACE_SECONDS = LAME_DUCK_DURATION_SECONDS + 20;
