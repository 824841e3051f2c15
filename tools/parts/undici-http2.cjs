// What the bundle has in the place of undici's client for HTTP/2, which is never asked for: Node's takes 5 ms to load.

module.exports = function connectHttp2() {
  throw new Error('HTTP/2 was negotiated, though it was not offered');
};
