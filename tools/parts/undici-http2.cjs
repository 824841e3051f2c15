// The bundle has this file in the place of undici's client for HTTP/2, which the action never uses: loading Node's
// takes 5 ms.

module.exports = function connectHttp2() {
  throw new Error('HTTP/2 was negotiated, though it was not offered');
};
