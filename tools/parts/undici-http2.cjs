// The bundle has this file in place of undici's HTTP/2 client, which the action never uses. That client loads the
// module `http2` of Node, which takes 5 ms.

module.exports = function connectHttp2() {
  throw new Error('HTTP/2 was negotiated, though it was not offered');
};
