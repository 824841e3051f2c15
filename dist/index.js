import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 250:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("dns");

/***/ }),

/***/ 434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 311:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 24:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 67:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 327:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 995:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:module");

/***/ }),

/***/ 30:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 75:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 466:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");

/***/ }),

/***/ 193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:string_decoder");

/***/ }),

/***/ 500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 16:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("url");

/***/ }),

/***/ 454:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  lZ: () => (/* binding */ ActionError),
  wg: () => (/* binding */ EMPTY),
  ul: () => (/* binding */ EXPIRY_ANNOTATION),
  vy: () => (/* binding */ FIELD_MANAGER),
  fj: () => (/* binding */ HELM),
  Pw: () => (/* binding */ INSTANCE_LABEL),
  H_: () => (/* binding */ KeyLines),
  n5: () => (/* binding */ LineBlocks),
  Kf: () => (/* binding */ MANAGED_BY),
  z$: () => (/* binding */ MANAGER_LABEL),
  hS: () => (/* binding */ ORIGIN_ANNOTATION),
  QS: () => (/* binding */ ORPHANED_ANNOTATION),
  _I: () => (/* binding */ OWN_USER_PREFIX),
  W7: () => (/* binding */ PREVIEW_LABEL),
  uG: () => (/* binding */ RENDERED_ANNOTATION),
  pO: () => (/* binding */ Redactor),
  el: () => (/* binding */ SERVER_CONTAINER),
  Ye: () => (/* binding */ SHORTEST_FORM),
  KR: () => (/* binding */ SHORTEST_LINE2),
  dA: () => (/* binding */ TAKEN_OVER_ANNOTATION),
  P$: () => (/* binding */ __commonJS),
  ki: () => (/* binding */ __require),
  f1: () => (/* binding */ __toESM),
  om: () => (/* binding */ block),
  gN: () => (/* binding */ block2),
  Jh: () => (/* binding */ canOwn),
  oD: () => (/* binding */ canonicalizeIpAddress),
  mj: () => (/* binding */ certificatePem),
  pq: () => (/* binding */ certificateRows),
  XM: () => (/* binding */ clusterNames),
  aY: () => (/* binding */ code),
  qb: () => (/* binding */ collectSecrets),
  qx: () => (/* binding */ configurationSecretName),
  OW: () => (/* binding */ countRepeats),
  Rb: () => (/* binding */ createInputError),
  z6: () => (/* binding */ createPlainFailure),
  aO: () => (/* binding */ createViolation),
  JU: () => (/* binding */ credentialRows),
  XE: () => (/* binding */ credentialsFile),
  M5: () => (/* binding */ decidePruning),
  ax: () => (/* binding */ decodeIpAddress),
  HT: () => (/* binding */ deriveName),
  Rx: () => (/* binding */ describeKey),
  df: () => (/* binding */ describePlace),
  uL: () => (/* binding */ encodeIpAddress),
  OF: () => (/* binding */ fenced),
  PO: () => (/* binding */ fileMap),
  eX: () => (/* binding */ fileRows),
  Ru: () => (/* binding */ findClosest),
  gD: () => (/* binding */ findCredentials),
  MP: () => (/* binding */ findExample),
  tm: () => (/* binding */ findFileSecrets),
  r8: () => (/* binding */ findFreeName),
  BB: () => (/* binding */ findInputSecrets),
  k8: () => (/* binding */ findKeyAlgorithm),
  Y0: () => (/* binding */ findKubeconfigSecrets),
  Rd: () => (/* binding */ findSecretsInText),
  Ld: () => (/* binding */ findSharedNames),
  TM: () => (/* binding */ folded),
  s3: () => (/* binding */ formatCredentials),
  Yq: () => (/* binding */ formatDate),
  BO: () => (/* binding */ formatDistance),
  a3: () => (/* binding */ formatDuration),
  C7: () => (/* binding */ formatElapsed),
  HL: () => (/* binding */ formatFiles),
  VH: () => (/* binding */ formatSelector),
  ed: () => (/* binding */ formatUsers),
  xt: () => (/* binding */ formatWithoutSecrets),
  Xh: () => (/* binding */ formatWorkflowLine),
  TZ: () => (/* binding */ generateKeyPair),
  up: () => (/* binding */ hasCode),
  Fu: () => (/* binding */ inputTable),
  cP: () => (/* binding */ integerOf),
  Bd: () => (/* binding */ isActionError),
  WH: () => (/* binding */ isBlock),
  hG: () => (/* binding */ isDeploymentName),
  rM: () => (/* binding */ isDnsName),
  ib: () => (/* binding */ isGenerationOf),
  t8: () => (/* binding */ isKept),
  Lv: () => (/* binding */ isList),
  rZ: () => (/* binding */ isMarked),
  A2: () => (/* binding */ isOrphaned),
  ot: () => (/* binding */ isOwnedKind),
  u4: () => (/* binding */ isRecord),
  jE: () => (/* binding */ isRenewed),
  nU: () => (/* binding */ isSecretField),
  UF: () => (/* binding */ joinMarkdown),
  wb: () => (/* binding */ labelSelector),
  p_: () => (/* binding */ list2),
  c3: () => (/* binding */ listOf),
  gQ: () => (/* binding */ lowerCase),
  R1: () => (/* binding */ markForeignLines),
  Bl: () => (/* binding */ markForeignText),
  Qs: () => (/* binding */ markForeignTextOfSecret),
  md: () => (/* binding */ md),
  C5: () => (/* binding */ memberOf),
  r0: () => (/* binding */ nameSelector),
  wC: () => (/* binding */ namedClientSecretName),
  VT: () => (/* binding */ normalizeServer),
  r$: () => (/* binding */ objectLabels),
  HS: () => (/* binding */ parseBcryptCost),
  MA: () => (/* binding */ parseConfiguration),
  Ik: () => (/* binding */ parseDeployInputs),
  TL: () => (/* binding */ parseInputs),
  qF: () => (/* binding */ parseJson),
  ct: () => (/* binding */ parsePodOrdinal),
  Lf: () => (/* binding */ parseQuantity),
  Bh: () => (/* binding */ podName),
  YR: () => (/* binding */ podNames),
  Vf: () => (/* binding */ previewTitle),
  gS: () => (/* binding */ problemError),
  lg: () => (/* binding */ readGivenText),
  L$: () => (/* binding */ readKubeconfigYaml),
  ic: () => (/* binding */ readServersBefore),
  av: () => (/* binding */ readStoredTexts),
  Z: () => (/* binding */ readTakeoverState),
  Z7: () => (/* binding */ readTexts),
  zR: () => (/* binding */ recordAt),
  zv: () => (/* binding */ recordOf),
  KA: () => (/* binding */ recordsAt),
  M$: () => (/* binding */ recordsOf),
  cu: () => (/* binding */ removeSecrets),
  TH: () => (/* binding */ renderCertificates),
  il: () => (/* binding */ renderEnding),
  Fr: () => (/* binding */ renderFailureSummary),
  hU: () => (/* binding */ renderMeshDiagram),
  NW: () => (/* binding */ renderMeshMarkdown),
  p$: () => (/* binding */ renderMeshText),
  FA: () => (/* binding */ renderPhases),
  xV: () => (/* binding */ reportFailure),
  FW: () => (/* binding */ require_dist),
  FL: () => (/* binding */ resolveVariable),
  mE: () => (/* binding */ routeCertificateKey),
  dX: () => (/* binding */ routePrivateKeyKey),
  zQ: () => (/* binding */ selectByName),
  Zn: () => (/* binding */ selectorLabels),
  gU: () => (/* binding */ serverEnvironment),
  F4: () => (/* binding */ serverFiles),
  zU: () => (/* binding */ shortenMarkdown),
  Bu: () => (/* binding */ shortenText),
  jW: () => (/* binding */ splitSecret),
  ko: () => (/* binding */ strong),
  tp: () => (/* binding */ table),
  dg: () => (/* binding */ targetRows),
  vz: () => (/* binding */ textMapOf),
  b6: () => (/* binding */ textOf),
  CB: () => (/* binding */ textsOf),
  ie: () => (/* binding */ toActionError),
  Gh: () => (/* binding */ userList),
  fK: () => (/* binding */ valueAt),
  bv: () => (/* binding */ variable),
  EU: () => (/* binding */ writeFailure)
});

// EXTERNAL MODULE: external "node:module"
var external_node_module_ = __nccwpck_require__(995);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(760);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(598);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __nccwpck_require__(975);
;// CONCATENATED MODULE: external "node:buffer"
const external_node_buffer_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");
;// CONCATENATED MODULE: ./build/chunk.js

const chunk_require = (0,external_node_module_.createRequire)(import.meta.url);
const __workingFolder = () => globalThis['process'].cwd();
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __require = /* @__PURE__ */ ((x) => typeof chunk_require !== "undefined" ? chunk_require : typeof Proxy !== "undefined" ? new Proxy(x, {
  get: (a, b) => (typeof chunk_require !== "undefined" ? chunk_require : a)[b]
}) : x)(function(x) {
  if (typeof chunk_require !== "undefined") return chunk_require.apply(this, arguments);
  throw Error('Dynamic require of "' + x + '" is not supported');
});
var __commonJS = (cb, mod) => function __require2() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target2) => (target2 = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target2, "default", { value: mod, enumerable: true }) : target2,
  mod
));

// node_modules/yaml/dist/nodes/identity.js
var require_identity = __commonJS({
  "node_modules/yaml/dist/nodes/identity.js"(exports) {
    "use strict";
    var ALIAS = /* @__PURE__ */ Symbol.for("yaml.alias");
    var DOC = /* @__PURE__ */ Symbol.for("yaml.document");
    var MAP = /* @__PURE__ */ Symbol.for("yaml.map");
    var PAIR = /* @__PURE__ */ Symbol.for("yaml.pair");
    var SCALAR = /* @__PURE__ */ Symbol.for("yaml.scalar");
    var SEQ = /* @__PURE__ */ Symbol.for("yaml.seq");
    var NODE_TYPE = /* @__PURE__ */ Symbol.for("yaml.node.type");
    var isAlias2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
    var isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
    var isMap3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
    var isPair3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
    var isScalar3 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
    var isSeq2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
    function isCollection(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case MAP:
          case SEQ:
            return true;
        }
      return false;
    }
    function isNode2(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case ALIAS:
          case MAP:
          case SCALAR:
          case SEQ:
            return true;
        }
      return false;
    }
    var hasAnchor = (node) => (isScalar3(node) || isCollection(node)) && !!node.anchor;
    exports.ALIAS = ALIAS;
    exports.DOC = DOC;
    exports.MAP = MAP;
    exports.NODE_TYPE = NODE_TYPE;
    exports.PAIR = PAIR;
    exports.SCALAR = SCALAR;
    exports.SEQ = SEQ;
    exports.hasAnchor = hasAnchor;
    exports.isAlias = isAlias2;
    exports.isCollection = isCollection;
    exports.isDocument = isDocument;
    exports.isMap = isMap3;
    exports.isNode = isNode2;
    exports.isPair = isPair3;
    exports.isScalar = isScalar3;
    exports.isSeq = isSeq2;
  }
});

// node_modules/yaml/dist/visit.js
var require_visit = __commonJS({
  "node_modules/yaml/dist/visit.js"(exports) {
    "use strict";
    var identity = require_identity();
    var BREAK2 = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove node");
    function visit2(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        visit_(null, node, visitor_, Object.freeze([]));
    }
    visit2.BREAK = BREAK2;
    visit2.SKIP = SKIP;
    visit2.REMOVE = REMOVE;
    function visit_(key, node, visitor, path) {
      const ctrl = callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visit_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = visit_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK2)
              return BREAK2;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = visit_("key", node.key, visitor, path);
          if (ck === BREAK2)
            return BREAK2;
          else if (ck === REMOVE)
            node.key = null;
          const cv = visit_("value", node.value, visitor, path);
          if (cv === BREAK2)
            return BREAK2;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    async function visitAsync(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        await visitAsync_(null, node, visitor_, Object.freeze([]));
    }
    visitAsync.BREAK = BREAK2;
    visitAsync.SKIP = SKIP;
    visitAsync.REMOVE = REMOVE;
    async function visitAsync_(key, node, visitor, path) {
      const ctrl = await callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visitAsync_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = await visitAsync_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK2)
              return BREAK2;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = await visitAsync_("key", node.key, visitor, path);
          if (ck === BREAK2)
            return BREAK2;
          else if (ck === REMOVE)
            node.key = null;
          const cv = await visitAsync_("value", node.value, visitor, path);
          if (cv === BREAK2)
            return BREAK2;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    function initVisitor(visitor) {
      if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) {
        return Object.assign({
          Alias: visitor.Node,
          Map: visitor.Node,
          Scalar: visitor.Node,
          Seq: visitor.Node
        }, visitor.Value && {
          Map: visitor.Value,
          Scalar: visitor.Value,
          Seq: visitor.Value
        }, visitor.Collection && {
          Map: visitor.Collection,
          Seq: visitor.Collection
        }, visitor);
      }
      return visitor;
    }
    function callVisitor(key, node, visitor, path) {
      if (typeof visitor === "function")
        return visitor(key, node, path);
      if (identity.isMap(node))
        return visitor.Map?.(key, node, path);
      if (identity.isSeq(node))
        return visitor.Seq?.(key, node, path);
      if (identity.isPair(node))
        return visitor.Pair?.(key, node, path);
      if (identity.isScalar(node))
        return visitor.Scalar?.(key, node, path);
      if (identity.isAlias(node))
        return visitor.Alias?.(key, node, path);
      return void 0;
    }
    function replaceNode(key, path, node) {
      const parent = path[path.length - 1];
      if (identity.isCollection(parent)) {
        parent.items[key] = node;
      } else if (identity.isPair(parent)) {
        if (key === "key")
          parent.key = node;
        else
          parent.value = node;
      } else if (identity.isDocument(parent)) {
        parent.contents = node;
      } else {
        const pt = identity.isAlias(parent) ? "alias" : "scalar";
        throw new Error(`Cannot replace node with ${pt} parent`);
      }
    }
    exports.visit = visit2;
    exports.visitAsync = visitAsync;
  }
});

// node_modules/yaml/dist/doc/directives.js
var require_directives = __commonJS({
  "node_modules/yaml/dist/doc/directives.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit2 = require_visit();
    var escapeChars = {
      "!": "%21",
      ",": "%2C",
      "[": "%5B",
      "]": "%5D",
      "{": "%7B",
      "}": "%7D"
    };
    var escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
    var Directives = class _Directives {
      constructor(yaml, tags) {
        this.docStart = null;
        this.docEnd = false;
        this.yaml = Object.assign({}, _Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, _Directives.defaultTags, tags);
      }
      clone() {
        const copy = new _Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
      }
      /**
       * During parsing, get a Directives instance for the current document and
       * update the stream state according to the current version's spec.
       */
      atDocument() {
        const res = new _Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
          case "1.1":
            this.atNextDocument = true;
            break;
          case "1.2":
            this.atNextDocument = false;
            this.yaml = {
              explicit: _Directives.defaultYaml.explicit,
              version: "1.2"
            };
            this.tags = Object.assign({}, _Directives.defaultTags);
            break;
        }
        return res;
      }
      /**
       * @param onError - May be called even if the action was successful
       * @returns `true` on success
       */
      add(line, onError) {
        if (this.atNextDocument) {
          this.yaml = { explicit: _Directives.defaultYaml.explicit, version: "1.1" };
          this.tags = Object.assign({}, _Directives.defaultTags);
          this.atNextDocument = false;
        }
        const parts = line.trim().split(/[ \t]+/);
        const name = parts.shift();
        switch (name) {
          case "%TAG": {
            if (parts.length !== 2) {
              onError(0, "%TAG directive should contain exactly two parts");
              if (parts.length < 2)
                return false;
            }
            const [handle, prefix] = parts;
            this.tags[handle] = prefix;
            return true;
          }
          case "%YAML": {
            this.yaml.explicit = true;
            if (parts.length !== 1) {
              onError(0, "%YAML directive should contain exactly one part");
              return false;
            }
            const [version] = parts;
            if (version === "1.1" || version === "1.2") {
              this.yaml.version = version;
              return true;
            } else {
              const isValid = /^\d+\.\d+$/.test(version);
              onError(6, `Unsupported YAML version ${version}`, isValid);
              return false;
            }
          }
          default:
            onError(0, `Unknown directive ${name}`, true);
            return false;
        }
      }
      /**
       * Resolves a tag, matching handles to those defined in %TAG directives.
       *
       * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
       *   `'!local'` tag, or `null` if unresolvable.
       */
      tagName(source, onError) {
        if (source === "!")
          return "!";
        if (source[0] !== "!") {
          onError(`Not a valid tag: ${source}`);
          return null;
        }
        if (source[1] === "<") {
          const verbatim = source.slice(2, -1);
          if (verbatim === "!" || verbatim === "!!") {
            onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
            return null;
          }
          if (source[source.length - 1] !== ">")
            onError("Verbatim tags must end with a >");
          return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
          onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
          try {
            return prefix + decodeURIComponent(suffix);
          } catch (error) {
            onError(String(error));
            return null;
          }
        }
        if (handle === "!")
          return source;
        onError(`Could not resolve tag: ${source}`);
        return null;
      }
      /**
       * Given a fully resolved tag, returns its printable string form,
       * taking into account current tag prefixes and defaults.
       */
      tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
          if (tag.startsWith(prefix))
            return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === "!" ? tag : `!<${tag}>`;
      }
      toString(doc) {
        const lines = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
          const tags = {};
          visit2.visit(doc.contents, (_key, node) => {
            if (identity.isNode(node) && node.tag)
              tags[node.tag] = true;
          });
          tagNames = Object.keys(tags);
        } else
          tagNames = [];
        for (const [handle, prefix] of tagEntries) {
          if (handle === "!!" && prefix === "tag:yaml.org,2002:")
            continue;
          if (!doc || tagNames.some((tn) => tn.startsWith(prefix)))
            lines.push(`%TAG ${handle} ${prefix}`);
        }
        return lines.join("\n");
      }
    };
    Directives.defaultYaml = { explicit: false, version: "1.2" };
    Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
    exports.Directives = Directives;
  }
});

// node_modules/yaml/dist/doc/anchors.js
var require_anchors = __commonJS({
  "node_modules/yaml/dist/doc/anchors.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit2 = require_visit();
    function anchorIsValid(anchor) {
      if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
        const sa = JSON.stringify(anchor);
        const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
        throw new Error(msg);
      }
      return true;
    }
    function anchorNames(root) {
      const anchors = /* @__PURE__ */ new Set();
      visit2.visit(root, {
        Value(_key, node) {
          if (node.anchor)
            anchors.add(node.anchor);
        }
      });
      return anchors;
    }
    function findNewAnchor(prefix, exclude) {
      for (let i = 1; true; ++i) {
        const name = `${prefix}${i}`;
        if (!exclude.has(name))
          return name;
      }
    }
    function createNodeAnchors(doc, prefix) {
      const aliasObjects = [];
      const sourceObjects = /* @__PURE__ */ new Map();
      let prevAnchors = null;
      return {
        onAnchor: (source) => {
          aliasObjects.push(source);
          prevAnchors ?? (prevAnchors = anchorNames(doc));
          const anchor = findNewAnchor(prefix, prevAnchors);
          prevAnchors.add(anchor);
          return anchor;
        },
        /**
         * With circular references, the source node is only resolved after all
         * of its child nodes are. This is why anchors are set only after all of
         * the nodes have been created.
         */
        setAnchors: () => {
          for (const source of aliasObjects) {
            const ref = sourceObjects.get(source);
            if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) {
              ref.node.anchor = ref.anchor;
            } else {
              const error = new Error("Failed to resolve repeated object (this should not happen)");
              error.source = source;
              throw error;
            }
          }
        },
        sourceObjects
      };
    }
    exports.anchorIsValid = anchorIsValid;
    exports.anchorNames = anchorNames;
    exports.createNodeAnchors = createNodeAnchors;
    exports.findNewAnchor = findNewAnchor;
  }
});

// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = __commonJS({
  "node_modules/yaml/dist/doc/applyReviver.js"(exports) {
    "use strict";
    function applyReviver(reviver, obj, key, val) {
      if (val && typeof val === "object") {
        if (Array.isArray(val)) {
          for (let i = 0, len = val.length; i < len; ++i) {
            const v0 = val[i];
            const v1 = applyReviver(reviver, val, String(i), v0);
            if (v1 === void 0)
              delete val[i];
            else if (v1 !== v0)
              val[i] = v1;
          }
        } else if (val instanceof Map) {
          for (const k of Array.from(val.keys())) {
            const v0 = val.get(k);
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              val.delete(k);
            else if (v1 !== v0)
              val.set(k, v1);
          }
        } else if (val instanceof Set) {
          for (const v0 of Array.from(val)) {
            const v1 = applyReviver(reviver, val, v0, v0);
            if (v1 === void 0)
              val.delete(v0);
            else if (v1 !== v0) {
              val.delete(v0);
              val.add(v1);
            }
          }
        } else {
          for (const [k, v0] of Object.entries(val)) {
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              delete val[k];
            else if (v1 !== v0)
              val[k] = v1;
          }
        }
      }
      return reviver.call(obj, key, val);
    }
    exports.applyReviver = applyReviver;
  }
});

// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = __commonJS({
  "node_modules/yaml/dist/nodes/toJS.js"(exports) {
    "use strict";
    var identity = require_identity();
    function toJS(value, arg, ctx) {
      if (Array.isArray(value))
        return value.map((v, i) => toJS(v, String(i), ctx));
      if (value && typeof value.toJSON === "function") {
        if (!ctx || !identity.hasAnchor(value))
          return value.toJSON(arg, ctx);
        const data = { aliasCount: 0, count: 1, res: void 0 };
        ctx.anchors.set(value, data);
        ctx.onCreate = (res2) => {
          data.res = res2;
          delete ctx.onCreate;
        };
        const res = value.toJSON(arg, ctx);
        if (ctx.onCreate)
          ctx.onCreate(res);
        return res;
      }
      if (typeof value === "bigint" && !ctx?.keep)
        return Number(value);
      return value;
    }
    exports.toJS = toJS;
  }
});

// node_modules/yaml/dist/nodes/Node.js
var require_Node = __commonJS({
  "node_modules/yaml/dist/nodes/Node.js"(exports) {
    "use strict";
    var applyReviver = require_applyReviver();
    var identity = require_identity();
    var toJS = require_toJS();
    var NodeBase = class {
      constructor(type) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: type });
      }
      /** Create a copy of this node.  */
      clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** A plain JavaScript representation of this node. */
      toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!identity.isDocument(doc))
          throw new TypeError("A document argument is required");
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc,
          keep: true,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this, "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
    };
    exports.NodeBase = NodeBase;
  }
});

// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = __commonJS({
  "node_modules/yaml/dist/nodes/Alias.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var visit2 = require_visit();
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var Alias = class extends Node.NodeBase {
      constructor(source) {
        super(identity.ALIAS);
        this.source = source;
        Object.defineProperty(this, "tag", {
          set() {
            throw new Error("Alias nodes cannot have tags");
          }
        });
      }
      /**
       * Resolve the value of this alias within `doc`, finding the last
       * instance of the `source` anchor before this node.
       */
      resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
          throw new ReferenceError("Alias resolution is disabled");
        let nodes;
        if (ctx?.aliasResolveCache) {
          nodes = ctx.aliasResolveCache;
        } else {
          nodes = [];
          visit2.visit(doc, {
            Node: (_key, node) => {
              if (identity.isAlias(node) || identity.hasAnchor(node))
                nodes.push(node);
            }
          });
          if (ctx)
            ctx.aliasResolveCache = nodes;
        }
        let found = void 0;
        for (const node of nodes) {
          if (node === this)
            break;
          if (node.anchor === this.source)
            found = node;
        }
        if (found && ctx) {
          const { anchors: anchors2, doc: doc2, maxAliasCount } = ctx;
          let data = anchors2.get(found);
          if (!data) {
            toJS.toJS(found, null, ctx);
            data = anchors2.get(found);
          }
          if (data?.res === void 0) {
            const msg = "This should not happen: Alias anchor was not resolved?";
            throw new ReferenceError(msg);
          }
          if (maxAliasCount >= 0) {
            data.count += 1;
            if (data.aliasCount === 0)
              data.aliasCount = getAliasCount(doc2, found, anchors2);
            if (data.count * data.aliasCount > maxAliasCount) {
              const msg = "Excessive alias count indicates a resource exhaustion attack";
              throw new ReferenceError(msg);
            }
          }
        }
        return found;
      }
      toJSON(_arg, ctx) {
        if (!ctx)
          return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
          const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
          throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
      }
      toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
          anchors.anchorIsValid(this.source);
          if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new Error(msg);
          }
          if (ctx.implicitKey)
            return `${src} `;
        }
        return src;
      }
    };
    function getAliasCount(doc, node, anchors2) {
      if (identity.isAlias(node)) {
        const source = node.resolve(doc);
        const anchor = anchors2 && source && anchors2.get(source);
        return anchor ? anchor.count * anchor.aliasCount : 0;
      } else if (identity.isCollection(node)) {
        let count = 0;
        for (const item of node.items) {
          const c = getAliasCount(doc, item, anchors2);
          if (c > count)
            count = c;
        }
        return count;
      } else if (identity.isPair(node)) {
        const kc = getAliasCount(doc, node.key, anchors2);
        const vc = getAliasCount(doc, node.value, anchors2);
        return Math.max(kc, vc);
      }
      return 1;
    }
    exports.Alias = Alias;
  }
});

// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = __commonJS({
  "node_modules/yaml/dist/nodes/Scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
    var Scalar = class extends Node.NodeBase {
      constructor(value) {
        super(identity.SCALAR);
        this.value = value;
      }
      toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
      }
      toString() {
        return String(this.value);
      }
    };
    Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
    Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
    Scalar.PLAIN = "PLAIN";
    Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
    Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
    exports.Scalar = Scalar;
    exports.isScalarValue = isScalarValue;
  }
});

// node_modules/yaml/dist/doc/createNode.js
var require_createNode = __commonJS({
  "node_modules/yaml/dist/doc/createNode.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var defaultTagPrefix = "tag:yaml.org,2002:";
    function findTagObject(value, tagName, tags) {
      if (tagName) {
        const match = tags.filter((t) => t.tag === tagName);
        const tagObj = match.find((t) => !t.format) ?? match[0];
        if (!tagObj)
          throw new Error(`Tag ${tagName} not found`);
        return tagObj;
      }
      return tags.find((t) => t.identify?.(value) && !t.format);
    }
    function createNode2(value, tagName, ctx) {
      if (identity.isDocument(value))
        value = value.contents;
      if (identity.isNode(value))
        return value;
      if (identity.isPair(value)) {
        const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
        map.items.push(value);
        return map;
      }
      if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) {
        value = value.valueOf();
      }
      const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
      let ref = void 0;
      if (aliasDuplicateObjects && value && typeof value === "object") {
        ref = sourceObjects.get(value);
        if (ref) {
          ref.anchor ?? (ref.anchor = onAnchor(value));
          return new Alias.Alias(ref.anchor);
        } else {
          ref = { anchor: null, node: null };
          sourceObjects.set(value, ref);
        }
      }
      if (tagName?.startsWith("!!"))
        tagName = defaultTagPrefix + tagName.slice(2);
      let tagObj = findTagObject(value, tagName, schema.tags);
      if (!tagObj) {
        if (value && typeof value.toJSON === "function") {
          value = value.toJSON();
        }
        if (!value || typeof value !== "object") {
          const node2 = new Scalar.Scalar(value);
          if (ref)
            ref.node = node2;
          return node2;
        }
        tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
      }
      if (onTagObj) {
        onTagObj(tagObj);
        delete ctx.onTagObj;
      }
      const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
      if (tagName)
        node.tag = tagName;
      else if (!tagObj.default)
        node.tag = tagObj.tag;
      if (ref)
        ref.node = node;
      return node;
    }
    exports.createNode = createNode2;
  }
});

// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = __commonJS({
  "node_modules/yaml/dist/nodes/Collection.js"(exports) {
    "use strict";
    var createNode2 = require_createNode();
    var identity = require_identity();
    var Node = require_Node();
    function collectionFromPath(schema, path, value) {
      let v = value;
      for (let i = path.length - 1; i >= 0; --i) {
        const k = path[i];
        if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
          const a = [];
          a[k] = v;
          v = a;
        } else {
          v = /* @__PURE__ */ new Map([[k, v]]);
        }
      }
      return createNode2.createNode(v, void 0, {
        aliasDuplicateObjects: false,
        keepUndefined: false,
        onAnchor: () => {
          throw new Error("This should not happen, please report a bug.");
        },
        schema,
        sourceObjects: /* @__PURE__ */ new Map()
      });
    }
    var isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
    var Collection = class extends Node.NodeBase {
      constructor(type, schema) {
        super(type);
        Object.defineProperty(this, "schema", {
          value: schema,
          configurable: true,
          enumerable: false,
          writable: true
        });
      }
      /**
       * Create a copy of this collection.
       *
       * @param schema - If defined, overwrites the original's schema
       */
      clone(schema) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema)
          copy.schema = schema;
        copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /**
       * Adds a value to the collection. For `!!map` and `!!omap` the value must
       * be a Pair instance or a `{ key, value }` object, which may not have a key
       * that already exists in the map.
       */
      addIn(path, value) {
        if (isEmptyPath(path))
          this.add(value);
        else {
          const [key, ...rest] = path;
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.addIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
      /**
       * Removes a value from the collection.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.delete(key);
        const node = this.get(key, true);
        if (identity.isCollection(node))
          return node.deleteIn(rest);
        else
          throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        const [key, ...rest] = path;
        const node = this.get(key, true);
        if (rest.length === 0)
          return !keepScalar && identity.isScalar(node) ? node.value : node;
        else
          return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
      }
      hasAllNullValues(allowScalar) {
        return this.items.every((node) => {
          if (!identity.isPair(node))
            return false;
          const n = node.value;
          return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
        });
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       */
      hasIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.has(key);
        const node = this.get(key, true);
        return identity.isCollection(node) ? node.hasIn(rest) : false;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        const [key, ...rest] = path;
        if (rest.length === 0) {
          this.set(key, value);
        } else {
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.setIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
    };
    exports.Collection = Collection;
    exports.collectionFromPath = collectionFromPath;
    exports.isEmptyPath = isEmptyPath;
  }
});

// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyComment.js"(exports) {
    "use strict";
    var stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
    function indentComment(comment, indent) {
      if (/^\n+$/.test(comment))
        return comment.substring(1);
      return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
    }
    var lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
    exports.indentComment = indentComment;
    exports.lineComment = lineComment;
    exports.stringifyComment = stringifyComment;
  }
});

// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = __commonJS({
  "node_modules/yaml/dist/stringify/foldFlowLines.js"(exports) {
    "use strict";
    var FOLD_FLOW = "flow";
    var FOLD_BLOCK = "block";
    var FOLD_QUOTED = "quoted";
    function foldFlowLines(text, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
      if (!lineWidth || lineWidth < 0)
        return text;
      if (lineWidth < minContentWidth)
        minContentWidth = 0;
      const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
      if (text.length <= endStep)
        return text;
      const folds = [];
      const escapedFolds = {};
      let end = lineWidth - indent.length;
      if (typeof indentAtStart === "number") {
        if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
          folds.push(0);
        else
          end = lineWidth - indentAtStart;
      }
      let split = void 0;
      let prev = void 0;
      let overflow = false;
      let i = -1;
      let escStart = -1;
      let escEnd = -1;
      if (mode === FOLD_BLOCK) {
        i = consumeMoreIndentedLines(text, i, indent.length);
        if (i !== -1)
          end = i + endStep;
      }
      for (let ch; ch = text[i += 1]; ) {
        if (mode === FOLD_QUOTED && ch === "\\") {
          escStart = i;
          switch (text[i + 1]) {
            case "x":
              i += 3;
              break;
            case "u":
              i += 5;
              break;
            case "U":
              i += 9;
              break;
            default:
              i += 1;
          }
          escEnd = i;
        }
        if (ch === "\n") {
          if (mode === FOLD_BLOCK)
            i = consumeMoreIndentedLines(text, i, indent.length);
          end = i + indent.length + endStep;
          split = void 0;
        } else {
          if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
            const next = text[i + 1];
            if (next && next !== " " && next !== "\n" && next !== "	")
              split = i;
          }
          if (i >= end) {
            if (split) {
              folds.push(split);
              end = split + endStep;
              split = void 0;
            } else if (mode === FOLD_QUOTED) {
              while (prev === " " || prev === "	") {
                prev = ch;
                ch = text[i += 1];
                overflow = true;
              }
              const j = i > escEnd + 1 ? i - 2 : escStart - 1;
              if (escapedFolds[j])
                return text;
              folds.push(j);
              escapedFolds[j] = true;
              end = j + endStep;
              split = void 0;
            } else {
              overflow = true;
            }
          }
        }
        prev = ch;
      }
      if (overflow && onOverflow)
        onOverflow();
      if (folds.length === 0)
        return text;
      if (onFold)
        onFold();
      let res = text.slice(0, folds[0]);
      for (let i2 = 0; i2 < folds.length; ++i2) {
        const fold = folds[i2];
        const end2 = folds[i2 + 1] || text.length;
        if (fold === 0)
          res = `
${indent}${text.slice(0, end2)}`;
        else {
          if (mode === FOLD_QUOTED && escapedFolds[fold])
            res += `${text[fold]}\\`;
          res += `
${indent}${text.slice(fold + 1, end2)}`;
        }
      }
      return res;
    }
    function consumeMoreIndentedLines(text, i, indent) {
      let end = i;
      let start = i + 1;
      let ch = text[start];
      while (ch === " " || ch === "	") {
        if (i < start + indent) {
          ch = text[++i];
        } else {
          do {
            ch = text[++i];
          } while (ch && ch !== "\n");
          end = i;
          start = i + 1;
          ch = text[start];
        }
      }
      return end;
    }
    exports.FOLD_BLOCK = FOLD_BLOCK;
    exports.FOLD_FLOW = FOLD_FLOW;
    exports.FOLD_QUOTED = FOLD_QUOTED;
    exports.foldFlowLines = foldFlowLines;
  }
});

// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyString.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var foldFlowLines = require_foldFlowLines();
    var getFoldOptions = (ctx, isBlock2) => ({
      indentAtStart: isBlock2 ? ctx.indent.length : ctx.indentAtStart,
      lineWidth: ctx.options.lineWidth,
      minContentWidth: ctx.options.minContentWidth
    });
    var containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
    function lineLengthOverLimit(str, lineWidth, indentLength) {
      if (!lineWidth || lineWidth < 0)
        return false;
      const limit = lineWidth - indentLength;
      const strLen = str.length;
      if (strLen <= limit)
        return false;
      for (let i = 0, start = 0; i < strLen; ++i) {
        if (str[i] === "\n") {
          if (i - start > limit)
            return true;
          start = i + 1;
          if (strLen - start <= limit)
            return false;
        }
      }
      return true;
    }
    function doubleQuotedString(value, ctx) {
      const json = JSON.stringify(value);
      if (ctx.options.doubleQuotedAsJSON)
        return json;
      const { implicitKey } = ctx;
      const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      let str = "";
      let start = 0;
      for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
        if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
          str += json.slice(start, i) + "\\ ";
          i += 1;
          start = i;
          ch = "\\";
        }
        if (ch === "\\")
          switch (json[i + 1]) {
            case "u":
              {
                str += json.slice(start, i);
                const code2 = json.substr(i + 2, 4);
                switch (code2) {
                  case "0000":
                    str += "\\0";
                    break;
                  case "0007":
                    str += "\\a";
                    break;
                  case "000b":
                    str += "\\v";
                    break;
                  case "001b":
                    str += "\\e";
                    break;
                  case "0085":
                    str += "\\N";
                    break;
                  case "00a0":
                    str += "\\_";
                    break;
                  case "2028":
                    str += "\\L";
                    break;
                  case "2029":
                    str += "\\P";
                    break;
                  default:
                    if (code2.substr(0, 2) === "00")
                      str += "\\x" + code2.substr(2);
                    else
                      str += json.substr(i, 6);
                }
                i += 5;
                start = i + 1;
              }
              break;
            case "n":
              if (implicitKey || json[i + 2] === '"' || json.length < minMultiLineLength) {
                i += 1;
              } else {
                str += json.slice(start, i) + "\n\n";
                while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== '"') {
                  str += "\n";
                  i += 2;
                }
                str += indent;
                if (json[i + 2] === " ")
                  str += "\\";
                i += 1;
                start = i + 1;
              }
              break;
            default:
              i += 1;
          }
      }
      str = start ? str + json.slice(start) : json;
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
    }
    function singleQuotedString(value, ctx) {
      if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value))
        return doubleQuotedString(value, ctx);
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&
${indent}`) + "'";
      return ctx.implicitKey ? res : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function quotedString(value, ctx) {
      const { singleQuote } = ctx.options;
      let qs;
      if (singleQuote === false)
        qs = doubleQuotedString;
      else {
        const hasDouble = value.includes('"');
        const hasSingle = value.includes("'");
        if (hasDouble && !hasSingle)
          qs = singleQuotedString;
        else if (hasSingle && !hasDouble)
          qs = doubleQuotedString;
        else
          qs = singleQuote ? singleQuotedString : doubleQuotedString;
      }
      return qs(value, ctx);
    }
    var blockEndNewlines;
    try {
      blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
    } catch {
      blockEndNewlines = /\n+(?!\n|$)/g;
    }
    function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
      const { blockQuote, commentString, lineWidth } = ctx.options;
      if (!blockQuote || /\n[\t ]+$/.test(value)) {
        return quotedString(value, ctx);
      }
      const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
      const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
      if (!value)
        return literal ? "|\n" : ">\n";
      let chomp;
      let endStart;
      for (endStart = value.length; endStart > 0; --endStart) {
        const ch = value[endStart - 1];
        if (ch !== "\n" && ch !== "	" && ch !== " ")
          break;
      }
      let end = value.substring(endStart);
      const endNlPos = end.indexOf("\n");
      if (endNlPos === -1) {
        chomp = "-";
      } else if (value === end || endNlPos !== end.length - 1) {
        chomp = "+";
        if (onChompKeep)
          onChompKeep();
      } else {
        chomp = "";
      }
      if (end) {
        value = value.slice(0, -end.length);
        if (end[end.length - 1] === "\n")
          end = end.slice(0, -1);
        end = end.replace(blockEndNewlines, `$&${indent}`);
      }
      let startWithSpace = false;
      let startEnd;
      let startNlPos = -1;
      for (startEnd = 0; startEnd < value.length; ++startEnd) {
        const ch = value[startEnd];
        if (ch === " ")
          startWithSpace = true;
        else if (ch === "\n")
          startNlPos = startEnd;
        else
          break;
      }
      let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
      if (start) {
        value = value.substring(start.length);
        start = start.replace(/\n+/g, `$&${indent}`);
      }
      const indentSize = indent ? "2" : "1";
      let header = (startWithSpace ? indentSize : "") + chomp;
      if (comment) {
        header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
        if (onComment)
          onComment();
      }
      if (!literal) {
        const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
        let literalFallback = false;
        const foldOptions = getFoldOptions(ctx, true);
        if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) {
          foldOptions.onOverflow = () => {
            literalFallback = true;
          };
        }
        const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
        if (!literalFallback)
          return `>${header}
${indent}${body}`;
      }
      value = value.replace(/\n+/g, `$&${indent}`);
      return `|${header}
${indent}${start}${value}${end}`;
    }
    function plainString(item, ctx, onComment, onChompKeep) {
      const { type, value } = item;
      const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
      if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) {
        return quotedString(value, ctx);
      }
      if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
        return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
      }
      if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) {
        return blockString(item, ctx, onComment, onChompKeep);
      }
      if (containsDocumentMarker(value)) {
        if (indent === "") {
          ctx.forceBlockIndent = true;
          return blockString(item, ctx, onComment, onChompKeep);
        } else if (implicitKey && indent === indentStep) {
          return quotedString(value, ctx);
        }
      }
      const str = value.replace(/\n+/g, `$&
${indent}`);
      if (actualString) {
        const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
        const { compat, tags } = ctx.doc.schema;
        if (tags.some(test) || compat?.some(test))
          return quotedString(value, ctx);
      }
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function stringifyString(item, ctx, onComment, onChompKeep) {
      const { implicitKey, inFlow } = ctx;
      const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
      let { type } = item;
      if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
          type = Scalar.Scalar.QUOTE_DOUBLE;
      }
      const _stringify = (_type) => {
        switch (_type) {
          case Scalar.Scalar.BLOCK_FOLDED:
          case Scalar.Scalar.BLOCK_LITERAL:
            return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
          case Scalar.Scalar.QUOTE_DOUBLE:
            return doubleQuotedString(ss.value, ctx);
          case Scalar.Scalar.QUOTE_SINGLE:
            return singleQuotedString(ss.value, ctx);
          case Scalar.Scalar.PLAIN:
            return plainString(ss, ctx, onComment, onChompKeep);
          default:
            return null;
        }
      };
      let res = _stringify(type);
      if (res === null) {
        const { defaultKeyType, defaultStringType } = ctx.options;
        const t = implicitKey && defaultKeyType || defaultStringType;
        res = _stringify(t);
        if (res === null)
          throw new Error(`Unsupported default string type ${t}`);
      }
      return res;
    }
    exports.stringifyString = stringifyString;
  }
});

// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = __commonJS({
  "node_modules/yaml/dist/stringify/stringify.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var identity = require_identity();
    var stringifyComment = require_stringifyComment();
    var stringifyString = require_stringifyString();
    function createStringifyContext(doc, options) {
      const opt = Object.assign({
        blockQuote: true,
        commentString: stringifyComment.stringifyComment,
        defaultKeyType: null,
        defaultStringType: "PLAIN",
        directives: null,
        doubleQuotedAsJSON: false,
        doubleQuotedMinMultiLineLength: 40,
        falseStr: "false",
        flowCollectionPadding: true,
        indentSeq: true,
        lineWidth: 80,
        minContentWidth: 20,
        nullStr: "null",
        simpleKeys: false,
        singleQuote: null,
        trailingComma: false,
        trueStr: "true",
        verifyAliasOrder: true
      }, doc.schema.toStringOptions, options);
      let inFlow;
      switch (opt.collectionStyle) {
        case "block":
          inFlow = false;
          break;
        case "flow":
          inFlow = true;
          break;
        default:
          inFlow = null;
      }
      return {
        anchors: /* @__PURE__ */ new Set(),
        doc,
        flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
        indent: "",
        indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
        inFlow,
        options: opt
      };
    }
    function getTagObject(tags, item) {
      if (item.tag) {
        const match = tags.filter((t) => t.tag === item.tag);
        if (match.length > 0)
          return match.find((t) => t.format === item.format) ?? match[0];
      }
      let tagObj = void 0;
      let obj;
      if (identity.isScalar(item)) {
        obj = item.value;
        let match = tags.filter((t) => t.identify?.(obj));
        if (match.length > 1) {
          const testMatch = match.filter((t) => t.test);
          if (testMatch.length > 0)
            match = testMatch;
        }
        tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
      } else {
        obj = item;
        tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
      }
      if (!tagObj) {
        const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
        throw new Error(`Tag not resolved for ${name} value`);
      }
      return tagObj;
    }
    function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
      if (!doc.directives)
        return "";
      const props = [];
      const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
      if (anchor && anchors.anchorIsValid(anchor)) {
        anchors$1.add(anchor);
        props.push(`&${anchor}`);
      }
      const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
      if (tag)
        props.push(doc.directives.tagString(tag));
      return props.join(" ");
    }
    function stringify(item, ctx, onComment, onChompKeep) {
      if (identity.isPair(item))
        return item.toString(ctx, onComment, onChompKeep);
      if (identity.isAlias(item)) {
        if (ctx.doc.directives)
          return item.toString(ctx);
        if (ctx.resolvedAliases?.has(item)) {
          throw new TypeError(`Cannot stringify circular structure without alias nodes`);
        } else {
          if (ctx.resolvedAliases)
            ctx.resolvedAliases.add(item);
          else
            ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
          item = item.resolve(ctx.doc);
        }
      }
      let tagObj = void 0;
      const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
      tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
      const props = stringifyProps(node, tagObj, ctx);
      if (props.length > 0)
        ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
      const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
      if (!props)
        return str;
      return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}
${ctx.indent}${str}`;
    }
    exports.createStringifyContext = createStringifyContext;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyPair.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
      const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
      let keyComment = identity.isNode(key) && key.comment || null;
      if (simpleKeys) {
        if (keyComment) {
          throw new Error("With simple keys, key nodes cannot have comments");
        }
        if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") {
          const msg = "With simple keys, collection cannot be used as a key value";
          throw new Error(msg);
        }
      }
      let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
      ctx = Object.assign({}, ctx, {
        allNullValues: false,
        implicitKey: !explicitKey && (simpleKeys || !allNullValues),
        indent: indent + indentStep
      });
      let keyCommentDone = false;
      let chompKeep = false;
      let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
      if (!explicitKey && !ctx.inFlow && str.length > 1024) {
        if (simpleKeys)
          throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
        explicitKey = true;
      }
      if (ctx.inFlow) {
        if (allNullValues || value == null) {
          if (keyCommentDone && onComment)
            onComment();
          return str === "" ? "?" : explicitKey ? `? ${str}` : str;
        }
      } else if (allNullValues && !simpleKeys || value == null && explicitKey) {
        str = `? ${str}`;
        if (keyComment && !keyCommentDone) {
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        } else if (chompKeep && onChompKeep)
          onChompKeep();
        return str;
      }
      if (keyCommentDone)
        keyComment = null;
      if (explicitKey) {
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        str = `? ${str}
${indent}:`;
      } else {
        str = `${str}:`;
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
      }
      let vsb, vcb, valueComment;
      if (identity.isNode(value)) {
        vsb = !!value.spaceBefore;
        vcb = value.commentBefore;
        valueComment = value.comment;
      } else {
        vsb = false;
        vcb = null;
        valueComment = null;
        if (value && typeof value === "object")
          value = doc.createNode(value);
      }
      ctx.implicitKey = false;
      if (!explicitKey && !keyComment && identity.isScalar(value))
        ctx.indentAtStart = str.length + 1;
      chompKeep = false;
      if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) {
        ctx.indent = ctx.indent.substring(2);
      }
      let valueCommentDone = false;
      const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
      let ws = " ";
      if (keyComment || vsb || vcb) {
        ws = vsb ? "\n" : "";
        if (vcb) {
          const cs = commentString(vcb);
          ws += `
${stringifyComment.indentComment(cs, ctx.indent)}`;
        }
        if (valueStr === "" && !ctx.inFlow) {
          if (ws === "\n" && valueComment)
            ws = "\n\n";
        } else {
          ws += `
${ctx.indent}`;
        }
      } else if (!explicitKey && identity.isCollection(value)) {
        const vs0 = valueStr[0];
        const nl0 = valueStr.indexOf("\n");
        const hasNewline = nl0 !== -1;
        const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
        if (hasNewline || !flow) {
          let hasPropsLine = false;
          if (hasNewline && (vs0 === "&" || vs0 === "!")) {
            let sp0 = valueStr.indexOf(" ");
            if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") {
              sp0 = valueStr.indexOf(" ", sp0 + 1);
            }
            if (sp0 === -1 || nl0 < sp0)
              hasPropsLine = true;
          }
          if (!hasPropsLine)
            ws = `
${ctx.indent}`;
        }
      } else if (valueStr === "" || valueStr[0] === "\n") {
        ws = "";
      }
      str += ws + valueStr;
      if (ctx.inFlow) {
        if (valueCommentDone && onComment)
          onComment();
      } else if (valueComment && !valueCommentDone) {
        str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
      } else if (chompKeep && onChompKeep) {
        onChompKeep();
      }
      return str;
    }
    exports.stringifyPair = stringifyPair;
  }
});

// node_modules/yaml/dist/log.js
var require_log = __commonJS({
  "node_modules/yaml/dist/log.js"(exports) {
    "use strict";
    var node_process = __require("process");
    function debug(logLevel, ...messages) {
      if (logLevel === "debug")
        console.log(...messages);
    }
    function warn(logLevel, warning) {
      if (logLevel === "debug" || logLevel === "warn") {
        if (typeof node_process.emitWarning === "function")
          node_process.emitWarning(warning);
        else
          console.warn(warning);
      }
    }
    exports.debug = debug;
    exports.warn = warn;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/merge.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var MERGE_KEY = "<<";
    var merge = {
      identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
      default: "key",
      tag: "tag:yaml.org,2002:merge",
      test: /^<<$/,
      resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
      }),
      stringify: () => MERGE_KEY
    };
    var isMergeKey = (ctx, key) => (merge.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge.tag && tag.default);
    function addMergeToJSMap(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (identity.isSeq(source))
        for (const it of source.items)
          mergeValue(ctx, map, it);
      else if (Array.isArray(source))
        for (const it of source)
          mergeValue(ctx, map, it);
      else
        mergeValue(ctx, map, source);
    }
    function mergeValue(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (!identity.isMap(source))
        throw new Error("Merge sources must be maps or map aliases");
      const srcMap = source.toJSON(null, ctx, Map);
      for (const [key, value2] of srcMap) {
        if (map instanceof Map) {
          if (!map.has(key))
            map.set(key, value2);
        } else if (map instanceof Set) {
          map.add(key);
        } else if (!Object.prototype.hasOwnProperty.call(map, key)) {
          Object.defineProperty(map, key, {
            value: value2,
            writable: true,
            enumerable: true,
            configurable: true
          });
        }
      }
      return map;
    }
    function resolveAliasValue(ctx, value) {
      return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
    }
    exports.addMergeToJSMap = addMergeToJSMap;
    exports.isMergeKey = isMergeKey;
    exports.merge = merge;
  }
});

// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = __commonJS({
  "node_modules/yaml/dist/nodes/addPairToJSMap.js"(exports) {
    "use strict";
    var log = require_log();
    var merge = require_merge();
    var stringify = require_stringify();
    var identity = require_identity();
    var toJS = require_toJS();
    function addPairToJSMap(ctx, map, { key, value }) {
      if (identity.isNode(key) && key.addToJSMap)
        key.addToJSMap(ctx, map, value);
      else if (merge.isMergeKey(ctx, key))
        merge.addMergeToJSMap(ctx, map, value);
      else {
        const jsKey = toJS.toJS(key, "", ctx);
        if (map instanceof Map) {
          map.set(jsKey, toJS.toJS(value, jsKey, ctx));
        } else if (map instanceof Set) {
          map.add(jsKey);
        } else {
          const stringKey = stringifyKey(key, jsKey, ctx);
          const jsValue = toJS.toJS(value, stringKey, ctx);
          if (stringKey in map)
            Object.defineProperty(map, stringKey, {
              value: jsValue,
              writable: true,
              enumerable: true,
              configurable: true
            });
          else
            map[stringKey] = jsValue;
        }
      }
      return map;
    }
    function stringifyKey(key, jsKey, ctx) {
      if (jsKey === null)
        return "";
      if (typeof jsKey !== "object")
        return String(jsKey);
      if (identity.isNode(key) && ctx?.doc) {
        const strCtx = stringify.createStringifyContext(ctx.doc, {});
        strCtx.anchors = /* @__PURE__ */ new Set();
        for (const node of ctx.anchors.keys())
          strCtx.anchors.add(node.anchor);
        strCtx.inFlow = true;
        strCtx.inStringifyKey = true;
        const strKey = key.toString(strCtx);
        if (!ctx.mapKeyWarned) {
          let jsonStr = JSON.stringify(strKey);
          if (jsonStr.length > 40)
            jsonStr = jsonStr.substring(0, 36) + '..."';
          log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
          ctx.mapKeyWarned = true;
        }
        return strKey;
      }
      return JSON.stringify(jsKey);
    }
    exports.addPairToJSMap = addPairToJSMap;
  }
});

// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = __commonJS({
  "node_modules/yaml/dist/nodes/Pair.js"(exports) {
    "use strict";
    var createNode2 = require_createNode();
    var stringifyPair = require_stringifyPair();
    var addPairToJSMap = require_addPairToJSMap();
    var identity = require_identity();
    function createPair(key, value, ctx) {
      const k = createNode2.createNode(key, void 0, ctx);
      const v = createNode2.createNode(value, void 0, ctx);
      return new Pair(k, v);
    }
    var Pair = class _Pair {
      constructor(key, value = null) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
        this.key = key;
        this.value = value;
      }
      clone(schema) {
        let { key, value } = this;
        if (identity.isNode(key))
          key = key.clone(schema);
        if (identity.isNode(value))
          value = value.clone(schema);
        return new _Pair(key, value);
      }
      toJSON(_2, ctx) {
        const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        return addPairToJSMap.addPairToJSMap(ctx, pair, this);
      }
      toString(ctx, onComment, onChompKeep) {
        return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
      }
    };
    exports.Pair = Pair;
    exports.createPair = createPair;
  }
});

// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyCollection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyCollection(collection, ctx, options) {
      const flow = ctx.inFlow ?? collection.flow;
      const stringify2 = flow ? stringifyFlowCollection : stringifyBlockCollection;
      return stringify2(collection, ctx, options);
    }
    function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
      const { indent, options: { commentString } } = ctx;
      const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
      let chompKeep = false;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment2 = null;
        if (identity.isNode(item)) {
          if (!chompKeep && item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
          if (item.comment)
            comment2 = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (!chompKeep && ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
          }
        }
        chompKeep = false;
        let str2 = stringify.stringify(item, itemCtx, () => comment2 = null, () => chompKeep = true);
        if (comment2)
          str2 += stringifyComment.lineComment(str2, itemIndent, commentString(comment2));
        if (chompKeep && comment2)
          chompKeep = false;
        lines.push(blockItemPrefix + str2);
      }
      let str;
      if (lines.length === 0) {
        str = flowChars.start + flowChars.end;
      } else {
        str = lines[0];
        for (let i = 1; i < lines.length; ++i) {
          const line = lines[i];
          str += line ? `
${indent}${line}` : "\n";
        }
      }
      if (comment) {
        str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
        if (onComment)
          onComment();
      } else if (chompKeep && onChompKeep)
        onChompKeep();
      return str;
    }
    function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
      const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
      itemIndent += indentStep;
      const itemCtx = Object.assign({}, ctx, {
        indent: itemIndent,
        inFlow: true,
        type: null
      });
      let reqNewline = false;
      let linesAtValue = 0;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment = null;
        if (identity.isNode(item)) {
          if (item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, false);
          if (item.comment)
            comment = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, false);
            if (ik.comment)
              reqNewline = true;
          }
          const iv = identity.isNode(item.value) ? item.value : null;
          if (iv) {
            if (iv.comment)
              comment = iv.comment;
            if (iv.commentBefore)
              reqNewline = true;
          } else if (item.value == null && ik?.comment) {
            comment = ik.comment;
          }
        }
        if (comment)
          reqNewline = true;
        let str = stringify.stringify(item, itemCtx, () => comment = null);
        reqNewline || (reqNewline = lines.length > linesAtValue || str.includes("\n"));
        if (i < items.length - 1) {
          str += ",";
        } else if (ctx.options.trailingComma) {
          if (ctx.options.lineWidth > 0) {
            reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
          }
          if (reqNewline) {
            str += ",";
          }
        }
        if (comment)
          str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        lines.push(str);
        linesAtValue = lines.length;
      }
      const { start, end } = flowChars;
      if (lines.length === 0) {
        return start + end;
      } else {
        if (!reqNewline) {
          const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
          reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
        }
        if (reqNewline) {
          let str = start;
          for (const line of lines)
            str += line ? `
${indentStep}${indent}${line}` : "\n";
          return `${str}
${indent}${end}`;
        } else {
          return `${start}${fcPadding}${lines.join(" ")}${fcPadding}${end}`;
        }
      }
    }
    function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
      if (comment && chompKeep)
        comment = comment.replace(/^\n+/, "");
      if (comment) {
        const ic = stringifyComment.indentComment(commentString(comment), indent);
        lines.push(ic.trimStart());
      }
    }
    exports.stringifyCollection = stringifyCollection;
  }
});

// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLMap.js"(exports) {
    "use strict";
    var stringifyCollection = require_stringifyCollection();
    var addPairToJSMap = require_addPairToJSMap();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    function findPair(items, key) {
      const k = identity.isScalar(key) ? key.value : key;
      for (const it of items) {
        if (identity.isPair(it)) {
          if (it.key === key || it.key === k)
            return it;
          if (identity.isScalar(it.key) && it.key.value === k)
            return it;
        }
      }
      return void 0;
    }
    var YAMLMap = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:map";
      }
      constructor(schema) {
        super(identity.MAP, schema);
        this.items = [];
      }
      /**
       * A generic collection parsing method that can be extended
       * to other node classes that inherit from YAMLMap
       */
      static from(schema, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map = new this(schema);
        const add = (key, value) => {
          if (typeof replacer === "function")
            value = replacer.call(obj, key, value);
          else if (Array.isArray(replacer) && !replacer.includes(key))
            return;
          if (value !== void 0 || keepUndefined)
            map.items.push(Pair.createPair(key, value, ctx));
        };
        if (obj instanceof Map) {
          for (const [key, value] of obj)
            add(key, value);
        } else if (obj && typeof obj === "object") {
          for (const key of Object.keys(obj))
            add(key, obj[key]);
        }
        if (typeof schema.sortMapEntries === "function") {
          map.items.sort(schema.sortMapEntries);
        }
        return map;
      }
      /**
       * Adds a value to the collection.
       *
       * @param overwrite - If not set `true`, using a key that is already in the
       *   collection will throw. Otherwise, overwrites the previous value.
       */
      add(pair, overwrite) {
        let _pair;
        if (identity.isPair(pair))
          _pair = pair;
        else if (!pair || typeof pair !== "object" || !("key" in pair)) {
          _pair = new Pair.Pair(pair, pair?.value);
        } else
          _pair = new Pair.Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
          if (!overwrite)
            throw new Error(`Key ${_pair.key} already set`);
          if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value))
            prev.value.value = _pair.value;
          else
            prev.value = _pair.value;
        } else if (sortEntries) {
          const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
          if (i === -1)
            this.items.push(_pair);
          else
            this.items.splice(i, 0, _pair);
        } else {
          this.items.push(_pair);
        }
      }
      delete(key) {
        const it = findPair(this.items, key);
        if (!it)
          return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
      }
      has(key) {
        return !!findPair(this.items, key);
      }
      set(key, value) {
        this.add(new Pair.Pair(key, value), true);
      }
      /**
       * @param ctx - Conversion context, originally set in Document#toJS()
       * @param {Class} Type - If set, forces the returned collection type
       * @returns Instance of Type, Map, or Object
       */
      toJSON(_2, ctx, Type) {
        const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const item of this.items)
          addPairToJSMap.addPairToJSMap(ctx, map, item);
        return map;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        for (const item of this.items) {
          if (!identity.isPair(item))
            throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
          ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "",
          flowChars: { start: "{", end: "}" },
          itemIndent: ctx.indent || "",
          onChompKeep,
          onComment
        });
      }
    };
    exports.YAMLMap = YAMLMap;
    exports.findPair = findPair;
  }
});

// node_modules/yaml/dist/schema/common/map.js
var require_map = __commonJS({
  "node_modules/yaml/dist/schema/common/map.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLMap = require_YAMLMap();
    var map = {
      collection: "map",
      default: true,
      nodeClass: YAMLMap.YAMLMap,
      tag: "tag:yaml.org,2002:map",
      resolve(map2, onError) {
        if (!identity.isMap(map2))
          onError("Expected a mapping for this tag");
        return map2;
      },
      createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
    };
    exports.map = map;
  }
});

// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLSeq.js"(exports) {
    "use strict";
    var createNode2 = require_createNode();
    var stringifyCollection = require_stringifyCollection();
    var Collection = require_Collection();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var toJS = require_toJS();
    var YAMLSeq = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:seq";
      }
      constructor(schema) {
        super(identity.SEQ, schema);
        this.items = [];
      }
      add(value) {
        this.items.push(value);
      }
      /**
       * Removes a value from the collection.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       *
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return void 0;
        const it = this.items[idx];
        return !keepScalar && identity.isScalar(it) ? it.value : it;
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       */
      has(key) {
        const idx = asItemIndex(key);
        return typeof idx === "number" && idx < this.items.length;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       *
       * If `key` does not contain a representation of an integer, this will throw.
       * It may be wrapped in a `Scalar`.
       */
      set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (identity.isScalar(prev) && Scalar.isScalarValue(value))
          prev.value = value;
        else
          this.items[idx] = value;
      }
      toJSON(_2, ctx) {
        const seq = [];
        if (ctx?.onCreate)
          ctx.onCreate(seq);
        let i = 0;
        for (const item of this.items)
          seq.push(toJS.toJS(item, String(i++), ctx));
        return seq;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "- ",
          flowChars: { start: "[", end: "]" },
          itemIndent: (ctx.indent || "") + "  ",
          onChompKeep,
          onComment
        });
      }
      static from(schema, obj, ctx) {
        const { replacer } = ctx;
        const seq = new this(schema);
        if (obj && Symbol.iterator in Object(obj)) {
          let i = 0;
          for (let it of obj) {
            if (typeof replacer === "function") {
              const key = obj instanceof Set ? it : String(i++);
              it = replacer.call(obj, key, it);
            }
            seq.items.push(createNode2.createNode(it, void 0, ctx));
          }
        }
        return seq;
      }
    };
    function asItemIndex(key) {
      let idx = identity.isScalar(key) ? key.value : key;
      if (idx && typeof idx === "string")
        idx = Number(idx);
      return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
    }
    exports.YAMLSeq = YAMLSeq;
  }
});

// node_modules/yaml/dist/schema/common/seq.js
var require_seq = __commonJS({
  "node_modules/yaml/dist/schema/common/seq.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLSeq = require_YAMLSeq();
    var seq = {
      collection: "seq",
      default: true,
      nodeClass: YAMLSeq.YAMLSeq,
      tag: "tag:yaml.org,2002:seq",
      resolve(seq2, onError) {
        if (!identity.isSeq(seq2))
          onError("Expected a sequence for this tag");
        return seq2;
      },
      createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
    };
    exports.seq = seq;
  }
});

// node_modules/yaml/dist/schema/common/string.js
var require_string = __commonJS({
  "node_modules/yaml/dist/schema/common/string.js"(exports) {
    "use strict";
    var stringifyString = require_stringifyString();
    var string = {
      identify: (value) => typeof value === "string",
      default: true,
      tag: "tag:yaml.org,2002:str",
      resolve: (str) => str,
      stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
      }
    };
    exports.string = string;
  }
});

// node_modules/yaml/dist/schema/common/null.js
var require_null = __commonJS({
  "node_modules/yaml/dist/schema/common/null.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var nullTag = {
      identify: (value) => value == null,
      createNode: () => new Scalar.Scalar(null),
      default: true,
      tag: "tag:yaml.org,2002:null",
      test: /^(?:~|[Nn]ull|NULL)?$/,
      resolve: () => new Scalar.Scalar(null),
      stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
    };
    exports.nullTag = nullTag;
  }
});

// node_modules/yaml/dist/schema/core/bool.js
var require_bool = __commonJS({
  "node_modules/yaml/dist/schema/core/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var boolTag = {
      identify: (value) => typeof value === "boolean",
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
      resolve: (str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"),
      stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
          const sv = source[0] === "t" || source[0] === "T";
          if (value === sv)
            return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
      }
    };
    exports.boolTag = boolTag;
  }
});

// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyNumber.js"(exports) {
    "use strict";
    function stringifyNumber({ format, minFractionDigits, tag, value }) {
      if (typeof value === "bigint")
        return String(value);
      const num = typeof value === "number" ? value : Number(value);
      if (!isFinite(num))
        return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
      let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
      if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
        let i = n.indexOf(".");
        if (i < 0) {
          i = n.length;
          n += ".";
        }
        let d = minFractionDigits - (n.length - i - 1);
        while (d-- > 0)
          n += "0";
      }
      return n;
    }
    exports.stringifyNumber = stringifyNumber;
  }
});

// node_modules/yaml/dist/schema/core/float.js
var require_float = __commonJS({
  "node_modules/yaml/dist/schema/core/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str));
        const dot = str.indexOf(".");
        if (dot !== -1 && str[str.length - 1] === "0")
          node.minFractionDigits = str.length - dot - 1;
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/core/int.js
var require_int = __commonJS({
  "node_modules/yaml/dist/schema/core/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    var intResolve = (str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix);
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value) && value >= 0)
        return prefix + value.toString(radix);
      return stringifyNumber.stringifyNumber(node);
    }
    var intOct = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^0o[0-7]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
      stringify: (node) => intStringify(node, 8, "0o")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^0x[0-9a-fA-F]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/core/schema.js
var require_schema = __commonJS({
  "node_modules/yaml/dist/schema/core/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.boolTag,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/json/schema.js
var require_schema2 = __commonJS({
  "node_modules/yaml/dist/schema/json/schema.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var map = require_map();
    var seq = require_seq();
    function intIdentify(value) {
      return typeof value === "bigint" || Number.isInteger(value);
    }
    var stringifyJSON = ({ value }) => JSON.stringify(value);
    var jsonScalars = [
      {
        identify: (value) => typeof value === "string",
        default: true,
        tag: "tag:yaml.org,2002:str",
        resolve: (str) => str,
        stringify: stringifyJSON
      },
      {
        identify: (value) => value == null,
        createNode: () => new Scalar.Scalar(null),
        default: true,
        tag: "tag:yaml.org,2002:null",
        test: /^null$/,
        resolve: () => null,
        stringify: stringifyJSON
      },
      {
        identify: (value) => typeof value === "boolean",
        default: true,
        tag: "tag:yaml.org,2002:bool",
        test: /^true$|^false$/,
        resolve: (str) => str === "true",
        stringify: stringifyJSON
      },
      {
        identify: intIdentify,
        default: true,
        tag: "tag:yaml.org,2002:int",
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
        stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
      },
      {
        identify: (value) => typeof value === "number",
        default: true,
        tag: "tag:yaml.org,2002:float",
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: (str) => parseFloat(str),
        stringify: stringifyJSON
      }
    ];
    var jsonError = {
      default: true,
      tag: "",
      test: /^/,
      resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
      }
    };
    var schema = [map.map, seq.seq].concat(jsonScalars, jsonError);
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/binary.js"(exports) {
    "use strict";
    var node_buffer = __require("buffer");
    var Scalar = require_Scalar();
    var stringifyString = require_stringifyString();
    var binary = {
      identify: (value) => value instanceof Uint8Array,
      // Buffer inherits from Uint8Array
      default: false,
      tag: "tag:yaml.org,2002:binary",
      /**
       * Returns a Buffer in node and an Uint8Array in browsers
       *
       * To use the resulting buffer as an image, you'll want to do something like:
       *
       *   const blob = new Blob([buffer], { type: 'image/jpeg' })
       *   document.querySelector('#photo').src = URL.createObjectURL(blob)
       */
      resolve(src, onError) {
        if (typeof node_buffer.Buffer === "function") {
          return node_buffer.Buffer.from(src, "base64");
        } else if (typeof atob === "function") {
          const str = atob(src.replace(/[\n\r]/g, ""));
          const buffer = new Uint8Array(str.length);
          for (let i = 0; i < str.length; ++i)
            buffer[i] = str.charCodeAt(i);
          return buffer;
        } else {
          onError("This environment does not support reading binary tags; either Buffer or atob is required");
          return src;
        }
      },
      stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
          return "";
        const buf = value;
        let str;
        if (typeof node_buffer.Buffer === "function") {
          str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
        } else if (typeof btoa === "function") {
          let s = "";
          for (let i = 0; i < buf.length; ++i)
            s += String.fromCharCode(buf[i]);
          str = btoa(s);
        } else {
          throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
        }
        type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
        if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
          const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
          const n = Math.ceil(str.length / lineWidth);
          const lines = new Array(n);
          for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
            lines[i] = str.substr(o, lineWidth);
          }
          str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
        }
        return stringifyString.stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
      }
    };
    exports.binary = binary;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/pairs.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLSeq = require_YAMLSeq();
    function resolvePairs(seq, onError) {
      if (identity.isSeq(seq)) {
        for (let i = 0; i < seq.items.length; ++i) {
          let item = seq.items[i];
          if (identity.isPair(item))
            continue;
          else if (identity.isMap(item)) {
            if (item.items.length > 1)
              onError("Each pair must have its own sequence indicator");
            const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
            if (item.commentBefore)
              pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}
${pair.key.commentBefore}` : item.commentBefore;
            if (item.comment) {
              const cn = pair.value ?? pair.key;
              cn.comment = cn.comment ? `${item.comment}
${cn.comment}` : item.comment;
            }
            item = pair;
          }
          seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
        }
      } else
        onError("Expected a sequence for this tag");
      return seq;
    }
    function createPairs(schema, iterable, ctx) {
      const { replacer } = ctx;
      const pairs2 = new YAMLSeq.YAMLSeq(schema);
      pairs2.tag = "tag:yaml.org,2002:pairs";
      let i = 0;
      if (iterable && Symbol.iterator in Object(iterable))
        for (let it of iterable) {
          if (typeof replacer === "function")
            it = replacer.call(iterable, String(i++), it);
          let key, value;
          if (Array.isArray(it)) {
            if (it.length === 2) {
              key = it[0];
              value = it[1];
            } else
              throw new TypeError(`Expected [key, value] tuple: ${it}`);
          } else if (it && it instanceof Object) {
            const keys = Object.keys(it);
            if (keys.length === 1) {
              key = keys[0];
              value = it[key];
            } else {
              throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
            }
          } else {
            key = it;
          }
          pairs2.items.push(Pair.createPair(key, value, ctx));
        }
      return pairs2;
    }
    var pairs = {
      collection: "seq",
      default: false,
      tag: "tag:yaml.org,2002:pairs",
      resolve: resolvePairs,
      createNode: createPairs
    };
    exports.createPairs = createPairs;
    exports.pairs = pairs;
    exports.resolvePairs = resolvePairs;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/omap.js"(exports) {
    "use strict";
    var identity = require_identity();
    var toJS = require_toJS();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var pairs = require_pairs();
    var YAMLOMap = class _YAMLOMap extends YAMLSeq.YAMLSeq {
      constructor() {
        super();
        this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
        this.tag = _YAMLOMap.tag;
      }
      /**
       * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
       * but TypeScript won't allow widening the signature of a child method.
       */
      toJSON(_2, ctx) {
        if (!ctx)
          return super.toJSON(_2);
        const map = /* @__PURE__ */ new Map();
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const pair of this.items) {
          let key, value;
          if (identity.isPair(pair)) {
            key = toJS.toJS(pair.key, "", ctx);
            value = toJS.toJS(pair.value, key, ctx);
          } else {
            key = toJS.toJS(pair, "", ctx);
          }
          if (map.has(key))
            throw new Error("Ordered maps must not include duplicate keys");
          map.set(key, value);
        }
        return map;
      }
      static from(schema, iterable, ctx) {
        const pairs$1 = pairs.createPairs(schema, iterable, ctx);
        const omap2 = new this();
        omap2.items = pairs$1.items;
        return omap2;
      }
    };
    YAMLOMap.tag = "tag:yaml.org,2002:omap";
    var omap = {
      collection: "seq",
      identify: (value) => value instanceof Map,
      nodeClass: YAMLOMap,
      default: false,
      tag: "tag:yaml.org,2002:omap",
      resolve(seq, onError) {
        const pairs$1 = pairs.resolvePairs(seq, onError);
        const seenKeys = [];
        for (const { key } of pairs$1.items) {
          if (identity.isScalar(key)) {
            if (seenKeys.includes(key.value)) {
              onError(`Ordered maps must not include duplicate keys: ${key.value}`);
            } else {
              seenKeys.push(key.value);
            }
          }
        }
        return Object.assign(new YAMLOMap(), pairs$1);
      },
      createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
    };
    exports.YAMLOMap = YAMLOMap;
    exports.omap = omap;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function boolStringify({ value, source }, ctx) {
      const boolObj = value ? trueTag : falseTag;
      if (source && boolObj.test.test(source))
        return source;
      return value ? ctx.options.trueStr : ctx.options.falseStr;
    }
    var trueTag = {
      identify: (value) => value === true,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
      resolve: () => new Scalar.Scalar(true),
      stringify: boolStringify
    };
    var falseTag = {
      identify: (value) => value === false,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
      resolve: () => new Scalar.Scalar(false),
      stringify: boolStringify
    };
    exports.falseTag = falseTag;
    exports.trueTag = trueTag;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str.replace(/_/g, "")),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
        const dot = str.indexOf(".");
        if (dot !== -1) {
          const f = str.substring(dot + 1).replace(/_/g, "");
          if (f[f.length - 1] === "0")
            node.minFractionDigits = f.length;
        }
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    function intResolve(str, offset, radix, { intAsBigInt }) {
      const sign = str[0];
      if (sign === "-" || sign === "+")
        offset += 1;
      str = str.substring(offset).replace(/_/g, "");
      if (intAsBigInt) {
        switch (radix) {
          case 2:
            str = `0b${str}`;
            break;
          case 8:
            str = `0o${str}`;
            break;
          case 16:
            str = `0x${str}`;
            break;
        }
        const n2 = BigInt(str);
        return sign === "-" ? BigInt(-1) * n2 : n2;
      }
      const n = parseInt(str, radix);
      return sign === "-" ? -1 * n : n;
    }
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value)) {
        const str = value.toString(radix);
        return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
      }
      return stringifyNumber.stringifyNumber(node);
    }
    var intBin = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "BIN",
      test: /^[-+]?0b[0-1_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
      stringify: (node) => intStringify(node, 2, "0b")
    };
    var intOct = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^[-+]?0[0-7_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
      stringify: (node) => intStringify(node, 8, "0")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^[-+]?0x[0-9a-fA-F_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int;
    exports.intBin = intBin;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/set.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSet = class _YAMLSet extends YAMLMap.YAMLMap {
      constructor(schema) {
        super(schema);
        this.tag = _YAMLSet.tag;
      }
      add(key) {
        let pair;
        if (identity.isPair(key))
          pair = key;
        else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null)
          pair = new Pair.Pair(key.key, null);
        else
          pair = new Pair.Pair(key, null);
        const prev = YAMLMap.findPair(this.items, pair.key);
        if (!prev)
          this.items.push(pair);
      }
      /**
       * If `keepPair` is `true`, returns the Pair matching `key`.
       * Otherwise, returns the value of that Pair's key.
       */
      get(key, keepPair) {
        const pair = YAMLMap.findPair(this.items, key);
        return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
      }
      set(key, value) {
        if (typeof value !== "boolean")
          throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = YAMLMap.findPair(this.items, key);
        if (prev && !value) {
          this.items.splice(this.items.indexOf(prev), 1);
        } else if (!prev && value) {
          this.items.push(new Pair.Pair(key));
        }
      }
      toJSON(_2, ctx) {
        return super.toJSON(_2, ctx, Set);
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        if (this.hasAllNullValues(true))
          return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
          throw new Error("Set items must all have null values");
      }
      static from(schema, iterable, ctx) {
        const { replacer } = ctx;
        const set2 = new this(schema);
        if (iterable && Symbol.iterator in Object(iterable))
          for (let value of iterable) {
            if (typeof replacer === "function")
              value = replacer.call(iterable, value, value);
            set2.items.push(Pair.createPair(value, null, ctx));
          }
        return set2;
      }
    };
    YAMLSet.tag = "tag:yaml.org,2002:set";
    var set = {
      collection: "map",
      identify: (value) => value instanceof Set,
      nodeClass: YAMLSet,
      default: false,
      tag: "tag:yaml.org,2002:set",
      createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
      resolve(map, onError) {
        if (identity.isMap(map)) {
          if (map.hasAllNullValues(true))
            return Object.assign(new YAMLSet(), map);
          else
            onError("Set items must all have null values");
        } else
          onError("Expected a mapping for this tag");
        return map;
      }
    };
    exports.YAMLSet = YAMLSet;
    exports.set = set;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/timestamp.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    function parseSexagesimal(str, asBigInt) {
      const sign = str[0];
      const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
      const num = (n) => asBigInt ? BigInt(n) : Number(n);
      const res = parts.replace(/_/g, "").split(":").reduce((res2, p) => res2 * num(60) + num(p), num(0));
      return sign === "-" ? num(-1) * res : res;
    }
    function stringifySexagesimal(node) {
      let { value } = node;
      let num = (n) => n;
      if (typeof value === "bigint")
        num = (n) => BigInt(n);
      else if (isNaN(value) || !isFinite(value))
        return stringifyNumber.stringifyNumber(node);
      let sign = "";
      if (value < 0) {
        sign = "-";
        value *= num(-1);
      }
      const _60 = num(60);
      const parts = [value % _60];
      if (value < 60) {
        parts.unshift(0);
      } else {
        value = (value - parts[0]) / _60;
        parts.unshift(value % _60);
        if (value >= 60) {
          value = (value - parts[0]) / _60;
          parts.unshift(value);
        }
      }
      return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
    }
    var intTime = {
      identify: (value) => typeof value === "bigint" || Number.isInteger(value),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
      resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
      stringify: stringifySexagesimal
    };
    var floatTime = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
      resolve: (str) => parseSexagesimal(str, false),
      stringify: stringifySexagesimal
    };
    var timestamp = {
      identify: (value) => value instanceof Date,
      default: true,
      tag: "tag:yaml.org,2002:timestamp",
      // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
      // may be omitted altogether, resulting in a date format. In such a case, the time part is
      // assumed to be 00:00:00Z (start of day, UTC).
      test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
      resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
          throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
        const [, year, month, day, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== "Z") {
          let d = parseSexagesimal(tz, false);
          if (Math.abs(d) < 30)
            d *= 60;
          date -= 6e4 * d;
        }
        return new Date(date);
      },
      stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
    };
    exports.floatTime = floatTime;
    exports.intTime = intTime;
    exports.timestamp = timestamp;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema3 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var binary = require_binary();
    var bool = require_bool2();
    var float = require_float2();
    var int = require_int2();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var set = require_set();
    var timestamp = require_timestamp();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.trueTag,
      bool.falseTag,
      int.intBin,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float,
      binary.binary,
      merge.merge,
      omap.omap,
      pairs.pairs,
      set.set,
      timestamp.intTime,
      timestamp.floatTime,
      timestamp.timestamp
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/tags.js
var require_tags = __commonJS({
  "node_modules/yaml/dist/schema/tags.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = require_schema();
    var schema$1 = require_schema2();
    var binary = require_binary();
    var merge = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var schema$2 = require_schema3();
    var set = require_set();
    var timestamp = require_timestamp();
    var schemas = /* @__PURE__ */ new Map([
      ["core", schema.schema],
      ["failsafe", [map.map, seq.seq, string.string]],
      ["json", schema$1.schema],
      ["yaml11", schema$2.schema],
      ["yaml-1.1", schema$2.schema]
    ]);
    var tagsByName = {
      binary: binary.binary,
      bool: bool.boolTag,
      float: float.float,
      floatExp: float.floatExp,
      floatNaN: float.floatNaN,
      floatTime: timestamp.floatTime,
      int: int.int,
      intHex: int.intHex,
      intOct: int.intOct,
      intTime: timestamp.intTime,
      map: map.map,
      merge: merge.merge,
      null: _null.nullTag,
      omap: omap.omap,
      pairs: pairs.pairs,
      seq: seq.seq,
      set: set.set,
      timestamp: timestamp.timestamp
    };
    var coreKnownTags = {
      "tag:yaml.org,2002:binary": binary.binary,
      "tag:yaml.org,2002:merge": merge.merge,
      "tag:yaml.org,2002:omap": omap.omap,
      "tag:yaml.org,2002:pairs": pairs.pairs,
      "tag:yaml.org,2002:set": set.set,
      "tag:yaml.org,2002:timestamp": timestamp.timestamp
    };
    function getTags(customTags, schemaName, addMergeTag) {
      const schemaTags = schemas.get(schemaName);
      if (schemaTags && !customTags) {
        return addMergeTag && !schemaTags.includes(merge.merge) ? schemaTags.concat(merge.merge) : schemaTags.slice();
      }
      let tags = schemaTags;
      if (!tags) {
        if (Array.isArray(customTags))
          tags = [];
        else {
          const keys = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
        }
      }
      if (Array.isArray(customTags)) {
        for (const tag of customTags)
          tags = tags.concat(tag);
      } else if (typeof customTags === "function") {
        tags = customTags(tags.slice());
      }
      if (addMergeTag)
        tags = tags.concat(merge.merge);
      return tags.reduce((tags2, tag) => {
        const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
        if (!tagObj) {
          const tagName = JSON.stringify(tag);
          const keys = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
        }
        if (!tags2.includes(tagObj))
          tags2.push(tagObj);
        return tags2;
      }, []);
    }
    exports.coreKnownTags = coreKnownTags;
    exports.getTags = getTags;
  }
});

// node_modules/yaml/dist/schema/Schema.js
var require_Schema = __commonJS({
  "node_modules/yaml/dist/schema/Schema.js"(exports) {
    "use strict";
    var identity = require_identity();
    var map = require_map();
    var seq = require_seq();
    var string = require_string();
    var tags = require_tags();
    var sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    var Schema = class _Schema {
      constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
        this.name = typeof schema === "string" && schema || "core";
        this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
        this.tags = tags.getTags(customTags, this.name, merge);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, identity.MAP, { value: map.map });
        Object.defineProperty(this, identity.SCALAR, { value: string.string });
        Object.defineProperty(this, identity.SEQ, { value: seq.seq });
        this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
      }
      clone() {
        const copy = Object.create(_Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
      }
    };
    exports.Schema = Schema;
  }
});

// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyDocument.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyDocument(doc, options) {
      const lines = [];
      let hasDirectives = options.directives === true;
      if (options.directives !== false && doc.directives) {
        const dir = doc.directives.toString(doc);
        if (dir) {
          lines.push(dir);
          hasDirectives = true;
        } else if (doc.directives.docStart)
          hasDirectives = true;
      }
      if (hasDirectives)
        lines.push("---");
      const ctx = stringify.createStringifyContext(doc, options);
      const { commentString } = ctx.options;
      if (doc.commentBefore) {
        if (lines.length !== 1)
          lines.unshift("");
        const cs = commentString(doc.commentBefore);
        lines.unshift(stringifyComment.indentComment(cs, ""));
      }
      let chompKeep = false;
      let contentComment = null;
      if (doc.contents) {
        if (identity.isNode(doc.contents)) {
          if (doc.contents.spaceBefore && hasDirectives)
            lines.push("");
          if (doc.contents.commentBefore) {
            const cs = commentString(doc.contents.commentBefore);
            lines.push(stringifyComment.indentComment(cs, ""));
          }
          ctx.forceBlockIndent = !!doc.comment;
          contentComment = doc.contents.comment;
        }
        const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
        let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
        if (contentComment)
          body += stringifyComment.lineComment(body, "", commentString(contentComment));
        if ((body[0] === "|" || body[0] === ">") && lines[lines.length - 1] === "---") {
          lines[lines.length - 1] = `--- ${body}`;
        } else
          lines.push(body);
      } else {
        lines.push(stringify.stringify(doc.contents, ctx));
      }
      if (doc.directives?.docEnd) {
        if (doc.comment) {
          const cs = commentString(doc.comment);
          if (cs.includes("\n")) {
            lines.push("...");
            lines.push(stringifyComment.indentComment(cs, ""));
          } else {
            lines.push(`... ${cs}`);
          }
        } else {
          lines.push("...");
        }
      } else {
        let dc = doc.comment;
        if (dc && chompKeep)
          dc = dc.replace(/^\n+/, "");
        if (dc) {
          if ((!chompKeep || contentComment) && lines[lines.length - 1] !== "")
            lines.push("");
          lines.push(stringifyComment.indentComment(commentString(dc), ""));
        }
      }
      return lines.join("\n") + "\n";
    }
    exports.stringifyDocument = stringifyDocument;
  }
});

// node_modules/yaml/dist/doc/Document.js
var require_Document = __commonJS({
  "node_modules/yaml/dist/doc/Document.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var toJS = require_toJS();
    var Schema = require_Schema();
    var stringifyDocument = require_stringifyDocument();
    var anchors = require_anchors();
    var applyReviver = require_applyReviver();
    var createNode2 = require_createNode();
    var directives = require_directives();
    var Document = class _Document {
      constructor(value, replacer, options) {
        this.commentBefore = null;
        this.comment = null;
        this.errors = [];
        this.warnings = [];
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
        let _replacer = null;
        if (typeof replacer === "function" || Array.isArray(replacer)) {
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const opt = Object.assign({
          intAsBigInt: false,
          keepSourceTokens: false,
          logLevel: "warn",
          prettyErrors: true,
          strict: true,
          stringKeys: false,
          uniqueKeys: true,
          version: "1.2"
        }, options);
        this.options = opt;
        let { version } = opt;
        if (options?._directives) {
          this.directives = options._directives.atDocument();
          if (this.directives.yaml.explicit)
            version = this.directives.yaml.version;
        } else
          this.directives = new directives.Directives({ version });
        this.setSchema(version, options);
        this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
      }
      /**
       * Create a deep copy of this Document and its contents.
       *
       * Custom Node values that inherit from `Object` still refer to their original instances.
       */
      clone() {
        const copy = Object.create(_Document.prototype, {
          [identity.NODE_TYPE]: { value: identity.DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
          copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** Adds a value to the document. */
      add(value) {
        if (assertCollection(this.contents))
          this.contents.add(value);
      }
      /** Adds a value to the document. */
      addIn(path, value) {
        if (assertCollection(this.contents))
          this.contents.addIn(path, value);
      }
      /**
       * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
       *
       * If `node` already has an anchor, `name` is ignored.
       * Otherwise, the `node.anchor` value will be set to `name`,
       * or if an anchor with that name is already present in the document,
       * `name` will be used as a prefix for a new unique anchor.
       * If `name` is undefined, the generated anchor will use 'a' as a prefix.
       */
      createAlias(node, name) {
        if (!node.anchor) {
          const prev = anchors.anchorNames(this);
          node.anchor = // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
        }
        return new Alias.Alias(node.anchor);
      }
      createNode(value, replacer, options) {
        let _replacer = void 0;
        if (typeof replacer === "function") {
          value = replacer.call({ "": value }, "", value);
          _replacer = replacer;
        } else if (Array.isArray(replacer)) {
          const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
          const asStr = replacer.filter(keyToStr).map(String);
          if (asStr.length > 0)
            replacer = replacer.concat(asStr);
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
        const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(
          this,
          // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          anchorPrefix || "a"
        );
        const ctx = {
          aliasDuplicateObjects: aliasDuplicateObjects ?? true,
          keepUndefined: keepUndefined ?? false,
          onAnchor,
          onTagObj,
          replacer: _replacer,
          schema: this.schema,
          sourceObjects
        };
        const node = createNode2.createNode(value, tag, ctx);
        if (flow && identity.isCollection(node))
          node.flow = true;
        setAnchors();
        return node;
      }
      /**
       * Convert a key and a value into a `Pair` using the current schema,
       * recursively wrapping all values as `Scalar` or `Collection` nodes.
       */
      createPair(key, value, options = {}) {
        const k = this.createNode(key, null, options);
        const v = this.createNode(value, null, options);
        return new Pair.Pair(k, v);
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        if (Collection.isEmptyPath(path)) {
          if (this.contents == null)
            return false;
          this.contents = null;
          return true;
        }
        return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      get(key, keepScalar) {
        return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
      }
      /**
       * Returns item at `path`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        if (Collection.isEmptyPath(path))
          return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
        return identity.isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
      }
      /**
       * Checks if the document includes a value with the key `key`.
       */
      has(key) {
        return identity.isCollection(this.contents) ? this.contents.has(key) : false;
      }
      /**
       * Checks if the document includes a value at `path`.
       */
      hasIn(path) {
        if (Collection.isEmptyPath(path))
          return this.contents !== void 0;
        return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      set(key, value) {
        if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, [key], value);
        } else if (assertCollection(this.contents)) {
          this.contents.set(key, value);
        }
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        if (Collection.isEmptyPath(path)) {
          this.contents = value;
        } else if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
        } else if (assertCollection(this.contents)) {
          this.contents.setIn(path, value);
        }
      }
      /**
       * Change the YAML version and schema used by the document.
       * A `null` version disables support for directives, explicit tags, anchors, and aliases.
       * It also requires the `schema` option to be given as a `Schema` instance value.
       *
       * Overrides all previously set schema options.
       */
      setSchema(version, options = {}) {
        if (typeof version === "number")
          version = String(version);
        let opt;
        switch (version) {
          case "1.1":
            if (this.directives)
              this.directives.yaml.version = "1.1";
            else
              this.directives = new directives.Directives({ version: "1.1" });
            opt = { resolveKnownTags: false, schema: "yaml-1.1" };
            break;
          case "1.2":
          case "next":
            if (this.directives)
              this.directives.yaml.version = version;
            else
              this.directives = new directives.Directives({ version });
            opt = { resolveKnownTags: true, schema: "core" };
            break;
          case null:
            if (this.directives)
              delete this.directives;
            opt = null;
            break;
          default: {
            const sv = JSON.stringify(version);
            throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
          }
        }
        if (options.schema instanceof Object)
          this.schema = options.schema;
        else if (opt)
          this.schema = new Schema.Schema(Object.assign(opt, options));
        else
          throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
      }
      // json & jsonArg are only used from toJSON()
      toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc: this,
          keep: !json,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this.contents, jsonArg ?? "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
      /**
       * A JSON representation of the document `contents`.
       *
       * @param jsonArg Used by `JSON.stringify` to indicate the array index or
       *   property name.
       */
      toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
      }
      /** A YAML representation of the document. */
      toString(options = {}) {
        if (this.errors.length > 0)
          throw new Error("Document with errors cannot be stringified");
        if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
          const s = JSON.stringify(options.indent);
          throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument.stringifyDocument(this, options);
      }
    };
    function assertCollection(contents) {
      if (identity.isCollection(contents))
        return true;
      throw new Error("Expected a YAML collection as document contents");
    }
    exports.Document = Document;
  }
});

// node_modules/yaml/dist/errors.js
var require_errors = __commonJS({
  "node_modules/yaml/dist/errors.js"(exports) {
    "use strict";
    var YAMLError = class extends Error {
      constructor(name, pos, code2, message) {
        super();
        this.name = name;
        this.code = code2;
        this.message = message;
        this.pos = pos;
      }
    };
    var YAMLParseError = class extends YAMLError {
      constructor(pos, code2, message) {
        super("YAMLParseError", pos, code2, message);
      }
    };
    var YAMLWarning = class extends YAMLError {
      constructor(pos, code2, message) {
        super("YAMLWarning", pos, code2, message);
      }
    };
    var prettifyError = (src, lc) => (error) => {
      if (error.pos[0] === -1)
        return;
      error.linePos = error.pos.map((pos) => lc.linePos(pos));
      const { line, col } = error.linePos[0];
      error.message += ` at line ${line}, column ${col}`;
      let ci = col - 1;
      let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
      if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = "…" + lineStr.substring(trimStart);
        ci -= trimStart - 1;
      }
      if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + "…";
      if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
        if (prev.length > 80)
          prev = prev.substring(0, 79) + "…\n";
        lineStr = prev + lineStr;
      }
      if (/[^ ]/.test(lineStr)) {
        let count = 1;
        const end = error.linePos[1];
        if (end?.line === line && end.col > col) {
          count = Math.max(1, Math.min(end.col - col, 80 - ci));
        }
        const pointer = " ".repeat(ci) + "^".repeat(count);
        error.message += `:

${lineStr}
${pointer}
`;
      }
    };
    exports.YAMLError = YAMLError;
    exports.YAMLParseError = YAMLParseError;
    exports.YAMLWarning = YAMLWarning;
    exports.prettifyError = prettifyError;
  }
});

// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = __commonJS({
  "node_modules/yaml/dist/compose/resolve-props.js"(exports) {
    "use strict";
    function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
      let spaceBefore = false;
      let atNewline = startOnNewline;
      let hasSpace = startOnNewline;
      let comment = "";
      let commentSep = "";
      let hasNewline = false;
      let reqSpace = false;
      let tab = null;
      let anchor = null;
      let tag = null;
      let newlineAfterProp = null;
      let comma = null;
      let found = null;
      let start = null;
      for (const token of tokens) {
        if (reqSpace) {
          if (token.type !== "space" && token.type !== "newline" && token.type !== "comma")
            onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
          reqSpace = false;
        }
        if (tab) {
          if (atNewline && token.type !== "comment" && token.type !== "newline") {
            onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
          }
          tab = null;
        }
        switch (token.type) {
          case "space":
            if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) {
              tab = token;
            }
            hasSpace = true;
            break;
          case "comment": {
            if (!hasSpace)
              onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
            const cb = token.source.substring(1) || " ";
            if (!comment)
              comment = cb;
            else
              comment += commentSep + cb;
            commentSep = "";
            atNewline = false;
            break;
          }
          case "newline":
            if (atNewline) {
              if (comment)
                comment += token.source;
              else if (!found || indicator !== "seq-item-ind")
                spaceBefore = true;
            } else
              commentSep += token.source;
            atNewline = true;
            hasNewline = true;
            if (anchor || tag)
              newlineAfterProp = token;
            hasSpace = true;
            break;
          case "anchor":
            if (anchor)
              onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
            if (token.source.endsWith(":"))
              onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
            anchor = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          case "tag": {
            if (tag)
              onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
            tag = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          }
          case indicator:
            if (anchor || tag)
              onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
            if (found)
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
            found = token;
            atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
            hasSpace = false;
            break;
          case "comma":
            if (flow) {
              if (comma)
                onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
              comma = token;
              atNewline = false;
              hasSpace = false;
              break;
            }
          // else fallthrough
          default:
            onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
            atNewline = false;
            hasSpace = false;
        }
      }
      const last = tokens[tokens.length - 1];
      const end = last ? last.offset + last.source.length : offset;
      if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) {
        onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
      }
      if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq"))
        onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
      return {
        comma,
        found,
        spaceBefore,
        comment,
        hasNewline,
        anchor,
        tag,
        newlineAfterProp,
        end,
        start: start ?? end
      };
    }
    exports.resolveProps = resolveProps;
  }
});

// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = __commonJS({
  "node_modules/yaml/dist/compose/util-contains-newline.js"(exports) {
    "use strict";
    function containsNewline(key) {
      if (!key)
        return null;
      switch (key.type) {
        case "alias":
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          if (key.source.includes("\n"))
            return true;
          if (key.end) {
            for (const st of key.end)
              if (st.type === "newline")
                return true;
          }
          return false;
        case "flow-collection":
          for (const it of key.items) {
            for (const st of it.start)
              if (st.type === "newline")
                return true;
            if (it.sep) {
              for (const st of it.sep)
                if (st.type === "newline")
                  return true;
            }
            if (containsNewline(it.key) || containsNewline(it.value))
              return true;
          }
          return false;
        default:
          return true;
      }
    }
    exports.containsNewline = containsNewline;
  }
});

// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = __commonJS({
  "node_modules/yaml/dist/compose/util-flow-indent-check.js"(exports) {
    "use strict";
    var utilContainsNewline = require_util_contains_newline();
    function flowIndentCheck(indent, fc, onError) {
      if (fc?.type === "flow-collection") {
        const end = fc.end[0];
        if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) {
          const msg = "Flow end indicator should be more indented than parent";
          onError(end, "BAD_INDENT", msg, true);
        }
      }
    }
    exports.flowIndentCheck = flowIndentCheck;
  }
});

// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = __commonJS({
  "node_modules/yaml/dist/compose/util-map-includes.js"(exports) {
    "use strict";
    var identity = require_identity();
    function mapIncludes(ctx, items, search) {
      const { uniqueKeys } = ctx.options;
      if (uniqueKeys === false)
        return false;
      const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
      return items.some((pair) => isEqual(pair.key, search));
    }
    exports.mapIncludes = mapIncludes;
  }
});

// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-map.js"(exports) {
    "use strict";
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    var utilMapIncludes = require_util_map_includes();
    var startColMsg = "All mapping items must start at the same column";
    function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLMap.YAMLMap;
      const map = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      let offset = bm.offset;
      let commentEnd = null;
      for (const collItem of bm.items) {
        const { start, key, sep, value } = collItem;
        const keyProps = resolveProps.resolveProps(start, {
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: bm.indent,
          startOnNewline: true
        });
        const implicitKey = !keyProps.found;
        if (implicitKey) {
          if (key) {
            if (key.type === "block-seq")
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
            else if ("indent" in key && key.indent !== bm.indent)
              onError(offset, "BAD_INDENT", startColMsg);
          }
          if (!keyProps.anchor && !keyProps.tag && !sep) {
            commentEnd = keyProps.end;
            if (keyProps.comment) {
              if (map.comment)
                map.comment += "\n" + keyProps.comment;
              else
                map.comment = keyProps.comment;
            }
            continue;
          }
          if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) {
            onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
          }
        } else if (keyProps.found?.indent !== bm.indent) {
          onError(offset, "BAD_INDENT", startColMsg);
        }
        ctx.atKey = true;
        const keyStart = keyProps.end;
        const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
        ctx.atKey = false;
        if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
          onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
        const valueProps = resolveProps.resolveProps(sep ?? [], {
          indicator: "map-value-ind",
          next: value,
          offset: keyNode.range[2],
          onError,
          parentIndent: bm.indent,
          startOnNewline: !key || key.type === "block-scalar"
        });
        offset = valueProps.end;
        if (valueProps.found) {
          if (implicitKey) {
            if (value?.type === "block-map" && !valueProps.hasNewline)
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
            if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024)
              onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
          if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
          offset = valueNode.range[2];
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        } else {
          if (implicitKey)
            onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
          if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        }
      }
      if (commentEnd && commentEnd < offset)
        onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
      map.range = [bm.offset, offset, commentEnd ?? offset];
      return map;
    }
    exports.resolveBlockMap = resolveBlockMap;
  }
});

// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-seq.js"(exports) {
    "use strict";
    var YAMLSeq = require_YAMLSeq();
    var resolveProps = require_resolve_props();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLSeq.YAMLSeq;
      const seq = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = bs.offset;
      let commentEnd = null;
      for (const { start, value } of bs.items) {
        const props = resolveProps.resolveProps(start, {
          indicator: "seq-item-ind",
          next: value,
          offset,
          onError,
          parentIndent: bs.indent,
          startOnNewline: true
        });
        if (!props.found) {
          if (props.anchor || props.tag || value) {
            if (value?.type === "block-seq")
              onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
            else
              onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
          } else {
            commentEnd = props.end;
            if (props.comment)
              seq.comment = props.comment;
            continue;
          }
        }
        const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
        offset = node.range[2];
        seq.items.push(node);
      }
      seq.range = [bs.offset, offset, commentEnd ?? offset];
      return seq;
    }
    exports.resolveBlockSeq = resolveBlockSeq;
  }
});

// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = __commonJS({
  "node_modules/yaml/dist/compose/resolve-end.js"(exports) {
    "use strict";
    function resolveEnd(end, offset, reqSpace, onError) {
      let comment = "";
      if (end) {
        let hasSpace = false;
        let sep = "";
        for (const token of end) {
          const { source, type } = token;
          switch (type) {
            case "space":
              hasSpace = true;
              break;
            case "comment": {
              if (reqSpace && !hasSpace)
                onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
              const cb = source.substring(1) || " ";
              if (!comment)
                comment = cb;
              else
                comment += sep + cb;
              sep = "";
              break;
            }
            case "newline":
              if (comment)
                sep += source;
              hasSpace = true;
              break;
            default:
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
          }
          offset += source.length;
        }
      }
      return { comment, offset };
    }
    exports.resolveEnd = resolveEnd;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilMapIncludes = require_util_map_includes();
    var blockMsg = "Block collections are not allowed within flow collections";
    var isBlock2 = (token) => token && (token.type === "block-map" || token.type === "block-seq");
    function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
      const isMap3 = fc.start.source === "{";
      const fcName = isMap3 ? "flow map" : "flow sequence";
      const NodeClass = tag?.nodeClass ?? (isMap3 ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq);
      const coll = new NodeClass(ctx.schema);
      coll.flow = true;
      const atRoot = ctx.atRoot;
      if (atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = fc.offset + fc.start.source.length;
      for (let i = 0; i < fc.items.length; ++i) {
        const collItem = fc.items[i];
        const { start, key, sep, value } = collItem;
        const props = resolveProps.resolveProps(start, {
          flow: fcName,
          indicator: "explicit-key-ind",
          next: key ?? sep?.[0],
          offset,
          onError,
          parentIndent: fc.indent,
          startOnNewline: false
        });
        if (!props.found) {
          if (!props.anchor && !props.tag && !sep && !value) {
            if (i === 0 && props.comma)
              onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
            else if (i < fc.items.length - 1)
              onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
            if (props.comment) {
              if (coll.comment)
                coll.comment += "\n" + props.comment;
              else
                coll.comment = props.comment;
            }
            offset = props.end;
            continue;
          }
          if (!isMap3 && ctx.options.strict && utilContainsNewline.containsNewline(key))
            onError(
              key,
              // checked by containsNewline()
              "MULTILINE_IMPLICIT_KEY",
              "Implicit keys of flow sequence pairs need to be on a single line"
            );
        }
        if (i === 0) {
          if (props.comma)
            onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
        } else {
          if (!props.comma)
            onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
          if (props.comment) {
            let prevItemComment = "";
            loop: for (const st of start) {
              switch (st.type) {
                case "comma":
                case "space":
                  break;
                case "comment":
                  prevItemComment = st.source.substring(1);
                  break loop;
                default:
                  break loop;
              }
            }
            if (prevItemComment) {
              let prev = coll.items[coll.items.length - 1];
              if (identity.isPair(prev))
                prev = prev.value ?? prev.key;
              if (prev.comment)
                prev.comment += "\n" + prevItemComment;
              else
                prev.comment = prevItemComment;
              props.comment = props.comment.substring(prevItemComment.length + 1);
            }
          }
        }
        if (!isMap3 && !sep && !props.found) {
          const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep, null, props, onError);
          coll.items.push(valueNode);
          offset = valueNode.range[2];
          if (isBlock2(value))
            onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
        } else {
          ctx.atKey = true;
          const keyStart = props.end;
          const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start, null, props, onError);
          if (isBlock2(key))
            onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
          ctx.atKey = false;
          const valueProps = resolveProps.resolveProps(sep ?? [], {
            flow: fcName,
            indicator: "map-value-ind",
            next: value,
            offset: keyNode.range[2],
            onError,
            parentIndent: fc.indent,
            startOnNewline: false
          });
          if (valueProps.found) {
            if (!isMap3 && !props.found && ctx.options.strict) {
              if (sep)
                for (const st of sep) {
                  if (st === valueProps.found)
                    break;
                  if (st.type === "newline") {
                    onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
                    break;
                  }
                }
              if (props.start < valueProps.found.offset - 1024)
                onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
            }
          } else if (value) {
            if ("source" in value && value.source?.[0] === ":")
              onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
            else
              onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError) : null;
          if (valueNode) {
            if (isBlock2(value))
              onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
          } else if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          if (isMap3) {
            const map = coll;
            if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
              onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
            map.items.push(pair);
          } else {
            const map = new YAMLMap.YAMLMap(ctx.schema);
            map.flow = true;
            map.items.push(pair);
            const endRange = (valueNode ?? keyNode).range;
            map.range = [keyNode.range[0], endRange[1], endRange[2]];
            coll.items.push(map);
          }
          offset = valueNode ? valueNode.range[2] : valueProps.end;
        }
      }
      const expectedEnd = isMap3 ? "}" : "]";
      const [ce, ...ee] = fc.end;
      let cePos = offset;
      if (ce?.source === expectedEnd)
        cePos = ce.offset + ce.source.length;
      else {
        const name = fcName[0].toUpperCase() + fcName.substring(1);
        const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
        onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
        if (ce && ce.source.length !== 1)
          ee.unshift(ce);
      }
      if (ee.length > 0) {
        const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
        if (end.comment) {
          if (coll.comment)
            coll.comment += "\n" + end.comment;
          else
            coll.comment = end.comment;
        }
        coll.range = [fc.offset, cePos, end.offset];
      } else {
        coll.range = [fc.offset, cePos, cePos];
      }
      return coll;
    }
    exports.resolveFlowCollection = resolveFlowCollection;
  }
});

// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = __commonJS({
  "node_modules/yaml/dist/compose/compose-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveBlockMap = require_resolve_block_map();
    var resolveBlockSeq = require_resolve_block_seq();
    var resolveFlowCollection = require_resolve_flow_collection();
    function resolveCollection(CN, ctx, token, onError, tagName, tag) {
      const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
      const Coll = coll.constructor;
      if (tagName === "!" || tagName === Coll.tagName) {
        coll.tag = Coll.tagName;
        return coll;
      }
      if (tagName)
        coll.tag = tagName;
      return coll;
    }
    function composeCollection(CN, ctx, token, props, onError) {
      const tagToken = props.tag;
      const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
      if (token.type === "block-seq") {
        const { anchor, newlineAfterProp: nl } = props;
        const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
        if (lastProp && (!nl || nl.offset < lastProp.offset)) {
          const message = "Missing newline after block sequence props";
          onError(lastProp, "MISSING_CHAR", message);
        }
      }
      const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
      if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") {
        return resolveCollection(CN, ctx, token, onError, tagName);
      }
      let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
      if (!tag) {
        const kt = ctx.schema.knownTags[tagName];
        if (kt?.collection === expType) {
          ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
          tag = kt;
        } else {
          if (kt) {
            onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
          } else {
            onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
          }
          return resolveCollection(CN, ctx, token, onError, tagName);
        }
      }
      const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
      const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
      const node = identity.isNode(res) ? res : new Scalar.Scalar(res);
      node.range = coll.range;
      node.tag = tagName;
      if (tag?.format)
        node.format = tag.format;
      return node;
    }
    exports.composeCollection = composeCollection;
  }
});

// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function resolveBlockScalar(ctx, scalar, onError) {
      const start = scalar.offset;
      const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
      if (!header)
        return { value: "", type: null, comment: "", range: [start, start, start] };
      const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
      const lines = scalar.source ? splitLines(scalar.source) : [];
      let chompStart = lines.length;
      for (let i = lines.length - 1; i >= 0; --i) {
        const content = lines[i][1];
        if (content === "" || content === "\r")
          chompStart = i;
        else
          break;
      }
      if (chompStart === 0) {
        const value2 = header.chomp === "+" && lines.length > 0 ? "\n".repeat(Math.max(1, lines.length - 1)) : "";
        let end2 = start + header.length;
        if (scalar.source)
          end2 += scalar.source.length;
        return { value: value2, type, comment: header.comment, range: [start, end2, end2] };
      }
      let trimIndent = scalar.indent + header.indent;
      let offset = scalar.offset + header.length;
      let contentStart = 0;
      for (let i = 0; i < chompStart; ++i) {
        const [indent, content] = lines[i];
        if (content === "" || content === "\r") {
          if (header.indent === 0 && indent.length > trimIndent)
            trimIndent = indent.length;
        } else {
          if (indent.length < trimIndent) {
            const message = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";
            onError(offset + indent.length, "MISSING_CHAR", message);
          }
          if (header.indent === 0)
            trimIndent = indent.length;
          contentStart = i;
          if (trimIndent === 0 && !ctx.atRoot) {
            const message = "Block scalar values in collections must be indented";
            onError(offset, "BAD_INDENT", message);
          }
          break;
        }
        offset += indent.length + content.length + 1;
      }
      for (let i = lines.length - 1; i >= chompStart; --i) {
        if (lines[i][0].length > trimIndent)
          chompStart = i + 1;
      }
      let value = "";
      let sep = "";
      let prevMoreIndented = false;
      for (let i = 0; i < contentStart; ++i)
        value += lines[i][0].slice(trimIndent) + "\n";
      for (let i = contentStart; i < chompStart; ++i) {
        let [indent, content] = lines[i];
        offset += indent.length + content.length + 1;
        const crlf = content[content.length - 1] === "\r";
        if (crlf)
          content = content.slice(0, -1);
        if (content && indent.length < trimIndent) {
          const src = header.indent ? "explicit indentation indicator" : "first line";
          const message = `Block scalar lines must not be less indented than their ${src}`;
          onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
          indent = "";
        }
        if (type === Scalar.Scalar.BLOCK_LITERAL) {
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
        } else if (indent.length > trimIndent || content[0] === "	") {
          if (sep === " ")
            sep = "\n";
          else if (!prevMoreIndented && sep === "\n")
            sep = "\n\n";
          value += sep + indent.slice(trimIndent) + content;
          sep = "\n";
          prevMoreIndented = true;
        } else if (content === "") {
          if (sep === "\n")
            value += "\n";
          else
            sep = "\n";
        } else {
          value += sep + content;
          sep = " ";
          prevMoreIndented = false;
        }
      }
      switch (header.chomp) {
        case "-":
          break;
        case "+":
          for (let i = chompStart; i < lines.length; ++i)
            value += "\n" + lines[i][0].slice(trimIndent);
          if (value[value.length - 1] !== "\n")
            value += "\n";
          break;
        default:
          value += "\n";
      }
      const end = start + header.length + scalar.source.length;
      return { value, type, comment: header.comment, range: [start, end, end] };
    }
    function parseBlockScalarHeader({ offset, props }, strict, onError) {
      if (props[0].type !== "block-scalar-header") {
        onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
        return null;
      }
      const { source } = props[0];
      const mode = source[0];
      let indent = 0;
      let chomp = "";
      let error = -1;
      for (let i = 1; i < source.length; ++i) {
        const ch = source[i];
        if (!chomp && (ch === "-" || ch === "+"))
          chomp = ch;
        else {
          const n = Number(ch);
          if (!indent && n)
            indent = n;
          else if (error === -1)
            error = offset + i;
        }
      }
      if (error !== -1)
        onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
      let hasSpace = false;
      let comment = "";
      let length = source.length;
      for (let i = 1; i < props.length; ++i) {
        const token = props[i];
        switch (token.type) {
          case "space":
            hasSpace = true;
          // fallthrough
          case "newline":
            length += token.source.length;
            break;
          case "comment":
            if (strict && !hasSpace) {
              const message = "Comments must be separated from other tokens by white space characters";
              onError(token, "MISSING_CHAR", message);
            }
            length += token.source.length;
            comment = token.source.substring(1);
            break;
          case "error":
            onError(token, "UNEXPECTED_TOKEN", token.message);
            length += token.source.length;
            break;
          /* istanbul ignore next should not happen */
          default: {
            const message = `Unexpected token in block scalar header: ${token.type}`;
            onError(token, "UNEXPECTED_TOKEN", message);
            const ts = token.source;
            if (ts && typeof ts === "string")
              length += ts.length;
          }
        }
      }
      return { mode, indent, chomp, comment, length };
    }
    function splitLines(source) {
      const split = source.split(/\n( *)/);
      const first = split[0];
      const m = first.match(/^( *)/);
      const line0 = m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first];
      const lines = [line0];
      for (let i = 1; i < split.length; i += 2)
        lines.push([split[i], split[i + 1]]);
      return lines;
    }
    exports.resolveBlockScalar = resolveBlockScalar;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var resolveEnd = require_resolve_end();
    function resolveFlowScalar(scalar, strict, onError) {
      const { offset, type, source, end } = scalar;
      let _type;
      let value;
      const _onError = (rel, code2, msg) => onError(offset + rel, code2, msg);
      switch (type) {
        case "scalar":
          _type = Scalar.Scalar.PLAIN;
          value = plainValue(source, _onError);
          break;
        case "single-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_SINGLE;
          value = singleQuotedValue(source, _onError);
          break;
        case "double-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_DOUBLE;
          value = doubleQuotedValue(source, _onError);
          break;
        /* istanbul ignore next should not happen */
        default:
          onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
          return {
            value: "",
            type: null,
            comment: "",
            range: [offset, offset + source.length, offset + source.length]
          };
      }
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
      return {
        value,
        type: _type,
        comment: re.comment,
        range: [offset, valueEnd, re.offset]
      };
    }
    function plainValue(source, onError) {
      let badChar = "";
      switch (source[0]) {
        /* istanbul ignore next should not happen */
        case "	":
          badChar = "a tab character";
          break;
        case ",":
          badChar = "flow indicator character ,";
          break;
        case "%":
          badChar = "directive indicator character %";
          break;
        case "|":
        case ">": {
          badChar = `block scalar indicator ${source[0]}`;
          break;
        }
        case "@":
        case "`": {
          badChar = `reserved character ${source[0]}`;
          break;
        }
      }
      if (badChar)
        onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
      return unfoldLines(source);
    }
    function singleQuotedValue(source, onError) {
      if (source[source.length - 1] !== "'" || source.length === 1)
        onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
      return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
    }
    function unfoldLines(source) {
      const line = /(.*?)\r?\n/sy;
      let match = line.exec(source);
      if (!match)
        return source;
      let trimEnd, trimBoth;
      try {
        trimEnd = new RegExp("(?<![ 	])[ 	]+$");
        trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
      } catch {
        trimEnd = /[ \t]+$/;
        trimBoth = /^[ \t]+|[ \t]+$/g;
      }
      let res = match[1].replace(trimEnd, "");
      let sep = " ";
      let pos = line.lastIndex;
      while (match = line.exec(source)) {
        const lm = match[1].replace(trimBoth, "");
        if (lm === "") {
          if (sep === "\n")
            res += sep;
          else
            sep = "\n";
        } else {
          res += sep + lm;
          sep = " ";
        }
        pos = line.lastIndex;
      }
      const last = /[ \t]*(.*)/sy;
      last.lastIndex = pos;
      match = last.exec(source);
      return res + sep + (match?.[1] ?? "");
    }
    function doubleQuotedValue(source, onError) {
      let res = "";
      for (let i = 1; i < source.length - 1; ++i) {
        const ch = source[i];
        if (ch === "\r" && source[i + 1] === "\n")
          continue;
        if (ch === "\n") {
          const { fold, offset } = foldNewline(source, i);
          res += fold;
          i = offset;
        } else if (ch === "\\") {
          let next = source[++i];
          const cc = escapeCodes[next];
          if (cc)
            res += cc;
          else if (next === "\n") {
            next = source[i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "\r" && source[i + 1] === "\n") {
            next = source[++i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "x" || next === "u" || next === "U") {
            const length = next === "x" ? 2 : next === "u" ? 4 : 8;
            res += parseCharCode(source, i + 1, length, onError);
            i += length;
          } else {
            const raw = source.substr(i - 1, 2);
            onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
            res += raw;
          }
        } else if (ch === " " || ch === "	") {
          const wsStart = i;
          let next = source[i + 1];
          while (next === " " || next === "	")
            next = source[++i + 1];
          if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n"))
            res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
        } else {
          res += ch;
        }
      }
      if (source[source.length - 1] !== '"' || source.length === 1)
        onError(source.length, "MISSING_CHAR", 'Missing closing "quote');
      return res;
    }
    function foldNewline(source, offset) {
      let fold = "";
      let ch = source[offset + 1];
      while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
        if (ch === "\r" && source[offset + 2] !== "\n")
          break;
        if (ch === "\n")
          fold += "\n";
        offset += 1;
        ch = source[offset + 1];
      }
      if (!fold)
        fold = " ";
      return { fold, offset };
    }
    var escapeCodes = {
      "0": "\0",
      // null character
      a: "\x07",
      // bell character
      b: "\b",
      // backspace
      e: "\x1B",
      // escape character
      f: "\f",
      // form feed
      n: "\n",
      // line feed
      r: "\r",
      // carriage return
      t: "	",
      // horizontal tab
      v: "\v",
      // vertical tab
      N: "",
      // Unicode next line
      _: " ",
      // Unicode non-breaking space
      L: "\u2028",
      // Unicode line separator
      P: "\u2029",
      // Unicode paragraph separator
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      "	": "	"
    };
    function parseCharCode(source, offset, length, onError) {
      const cc = source.substr(offset, length);
      const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
      const code2 = ok ? parseInt(cc, 16) : NaN;
      try {
        return String.fromCodePoint(code2);
      } catch {
        const raw = source.substr(offset - 2, length + 2);
        onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
        return raw;
      }
    }
    exports.resolveFlowScalar = resolveFlowScalar;
  }
});

// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = __commonJS({
  "node_modules/yaml/dist/compose/compose-scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    function composeScalar(ctx, token, tagToken, onError) {
      const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
      const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
      let tag;
      if (ctx.options.stringKeys && ctx.atKey) {
        tag = ctx.schema[identity.SCALAR];
      } else if (tagName)
        tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
      else if (token.type === "scalar")
        tag = findScalarTagByTest(ctx, value, token, onError);
      else
        tag = ctx.schema[identity.SCALAR];
      let scalar;
      try {
        const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
        scalar = identity.isScalar(res) ? res : new Scalar.Scalar(res);
      } catch (error) {
        const msg = error instanceof Error ? error.message : String(error);
        onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
        scalar = new Scalar.Scalar(value);
      }
      scalar.range = range;
      scalar.source = value;
      if (type)
        scalar.type = type;
      if (tagName)
        scalar.tag = tagName;
      if (tag.format)
        scalar.format = tag.format;
      if (comment)
        scalar.comment = comment;
      return scalar;
    }
    function findScalarTagByName(schema, value, tagName, tagToken, onError) {
      if (tagName === "!")
        return schema[identity.SCALAR];
      const matchWithTest = [];
      for (const tag of schema.tags) {
        if (!tag.collection && tag.tag === tagName) {
          if (tag.default && tag.test)
            matchWithTest.push(tag);
          else
            return tag;
        }
      }
      for (const tag of matchWithTest)
        if (tag.test?.test(value))
          return tag;
      const kt = schema.knownTags[tagName];
      if (kt && !kt.collection) {
        schema.tags.push(Object.assign({}, kt, { default: false, test: void 0 }));
        return kt;
      }
      onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
      return schema[identity.SCALAR];
    }
    function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
      const tag = schema.tags.find((tag2) => (tag2.default === true || atKey && tag2.default === "key") && tag2.test?.test(value)) || schema[identity.SCALAR];
      if (schema.compat) {
        const compat = schema.compat.find((tag2) => tag2.default && tag2.test?.test(value)) ?? schema[identity.SCALAR];
        if (tag.tag !== compat.tag) {
          const ts = directives.tagString(tag.tag);
          const cs = directives.tagString(compat.tag);
          const msg = `Value may be parsed as either ${ts} or ${cs}`;
          onError(token, "TAG_RESOLVE_FAILED", msg, true);
        }
      }
      return tag;
    }
    exports.composeScalar = composeScalar;
  }
});

// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = __commonJS({
  "node_modules/yaml/dist/compose/util-empty-scalar-position.js"(exports) {
    "use strict";
    function emptyScalarPosition(offset, before, pos) {
      if (before) {
        pos ?? (pos = before.length);
        for (let i = pos - 1; i >= 0; --i) {
          let st = before[i];
          switch (st.type) {
            case "space":
            case "comment":
            case "newline":
              offset -= st.source.length;
              continue;
          }
          st = before[++i];
          while (st?.type === "space") {
            offset += st.source.length;
            st = before[++i];
          }
          break;
        }
      }
      return offset;
    }
    exports.emptyScalarPosition = emptyScalarPosition;
  }
});

// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = __commonJS({
  "node_modules/yaml/dist/compose/compose-node.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var composeCollection = require_compose_collection();
    var composeScalar = require_compose_scalar();
    var resolveEnd = require_resolve_end();
    var utilEmptyScalarPosition = require_util_empty_scalar_position();
    var CN = { composeNode, composeEmptyNode };
    function composeNode(ctx, token, props, onError) {
      const atKey = ctx.atKey;
      const { spaceBefore, comment, anchor, tag } = props;
      let node;
      let isSrcToken = true;
      switch (token.type) {
        case "alias":
          node = composeAlias(ctx, token, onError);
          if (anchor || tag)
            onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
          break;
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "block-scalar":
          node = composeScalar.composeScalar(ctx, token, tag, onError);
          if (anchor)
            node.anchor = anchor.source.substring(1);
          break;
        case "block-map":
        case "block-seq":
        case "flow-collection":
          try {
            node = composeCollection.composeCollection(CN, ctx, token, props, onError);
            if (anchor)
              node.anchor = anchor.source.substring(1);
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            onError(token, "RESOURCE_EXHAUSTION", message);
          }
          break;
        default: {
          const message = token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`;
          onError(token, "UNEXPECTED_TOKEN", message);
          isSrcToken = false;
        }
      }
      node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
      if (anchor && node.anchor === "")
        onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) {
        const msg = "With stringKeys, all keys must be strings";
        onError(tag ?? token, "NON_STRING_KEY", msg);
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        if (token.type === "scalar" && token.source === "")
          node.comment = comment;
        else
          node.commentBefore = comment;
      }
      if (ctx.options.keepSourceTokens && isSrcToken)
        node.srcToken = token;
      return node;
    }
    function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
      const token = {
        type: "scalar",
        offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
        indent: -1,
        source: ""
      };
      const node = composeScalar.composeScalar(ctx, token, tag, onError);
      if (anchor) {
        node.anchor = anchor.source.substring(1);
        if (node.anchor === "")
          onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        node.comment = comment;
        node.range[2] = end;
      }
      return node;
    }
    function composeAlias({ options }, { offset, source, end }, onError) {
      const alias = new Alias.Alias(source.substring(1));
      if (alias.source === "")
        onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
      if (alias.source.endsWith(":"))
        onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
      alias.range = [offset, valueEnd, re.offset];
      if (re.comment)
        alias.comment = re.comment;
      return alias;
    }
    exports.composeEmptyNode = composeEmptyNode;
    exports.composeNode = composeNode;
  }
});

// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = __commonJS({
  "node_modules/yaml/dist/compose/compose-doc.js"(exports) {
    "use strict";
    var Document = require_Document();
    var composeNode = require_compose_node();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    function composeDoc(options, directives, { offset, start, value, end }, onError) {
      const opts = Object.assign({ _directives: directives }, options);
      const doc = new Document.Document(void 0, opts);
      const ctx = {
        atKey: false,
        atRoot: true,
        directives: doc.directives,
        options: doc.options,
        schema: doc.schema
      };
      const props = resolveProps.resolveProps(start, {
        indicator: "doc-start",
        next: value ?? end?.[0],
        offset,
        onError,
        parentIndent: 0,
        startOnNewline: true
      });
      if (props.found) {
        doc.directives.docStart = true;
        if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline)
          onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
      }
      doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
      const contentEnd = doc.contents.range[2];
      const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
      if (re.comment)
        doc.comment = re.comment;
      doc.range = [offset, contentEnd, re.offset];
      return doc;
    }
    exports.composeDoc = composeDoc;
  }
});

// node_modules/yaml/dist/compose/composer.js
var require_composer = __commonJS({
  "node_modules/yaml/dist/compose/composer.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var directives = require_directives();
    var Document = require_Document();
    var errors = require_errors();
    var identity = require_identity();
    var composeDoc = require_compose_doc();
    var resolveEnd = require_resolve_end();
    function getErrorPos(src) {
      if (typeof src === "number")
        return [src, src + 1];
      if (Array.isArray(src))
        return src.length === 2 ? src : [src[0], src[1]];
      const { offset, source } = src;
      return [offset, offset + (typeof source === "string" ? source.length : 1)];
    }
    function parsePrelude(prelude) {
      let comment = "";
      let atComment = false;
      let afterEmptyLine = false;
      for (let i = 0; i < prelude.length; ++i) {
        const source = prelude[i];
        switch (source[0]) {
          case "#":
            comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
            atComment = true;
            afterEmptyLine = false;
            break;
          case "%":
            if (prelude[i + 1]?.[0] !== "#")
              i += 1;
            atComment = false;
            break;
          default:
            if (!atComment)
              afterEmptyLine = true;
            atComment = false;
        }
      }
      return { comment, afterEmptyLine };
    }
    var Composer = class {
      constructor(options = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code2, message, warning) => {
          const pos = getErrorPos(source);
          if (warning)
            this.warnings.push(new errors.YAMLWarning(pos, code2, message));
          else
            this.errors.push(new errors.YAMLParseError(pos, code2, message));
        };
        this.directives = new directives.Directives({ version: options.version || "1.2" });
        this.options = options;
      }
      decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        if (comment) {
          const dc = doc.contents;
          if (afterDoc) {
            doc.comment = doc.comment ? `${doc.comment}
${comment}` : comment;
          } else if (afterEmptyLine || doc.directives.docStart || !dc) {
            doc.commentBefore = comment;
          } else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
            let it = dc.items[0];
            if (identity.isPair(it))
              it = it.key;
            const cb = it.commentBefore;
            it.commentBefore = cb ? `${comment}
${cb}` : comment;
          } else {
            const cb = dc.commentBefore;
            dc.commentBefore = cb ? `${comment}
${cb}` : comment;
          }
        }
        if (afterDoc) {
          for (let i = 0; i < this.errors.length; ++i)
            doc.errors.push(this.errors[i]);
          for (let i = 0; i < this.warnings.length; ++i)
            doc.warnings.push(this.warnings[i]);
        } else {
          doc.errors = this.errors;
          doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
      }
      /**
       * Current stream status information.
       *
       * Mostly useful at the end of input for an empty stream.
       */
      streamInfo() {
        return {
          comment: parsePrelude(this.prelude).comment,
          directives: this.directives,
          errors: this.errors,
          warnings: this.warnings
        };
      }
      /**
       * Compose tokens into documents.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
          yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
      }
      /** Advance the composer by one CST token. */
      *next(token) {
        if (node_process.env.LOG_STREAM)
          console.dir(token, { depth: null });
        switch (token.type) {
          case "directive":
            this.directives.add(token.source, (offset, message, warning) => {
              const pos = getErrorPos(token);
              pos[0] += offset;
              this.onError(pos, "BAD_DIRECTIVE", message, warning);
            });
            this.prelude.push(token.source);
            this.atDirectives = true;
            break;
          case "document": {
            const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
            if (this.atDirectives && !doc.directives.docStart)
              this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
            this.decorate(doc, false);
            if (this.doc)
              yield this.doc;
            this.doc = doc;
            this.atDirectives = false;
            break;
          }
          case "byte-order-mark":
          case "space":
            break;
          case "comment":
          case "newline":
            this.prelude.push(token.source);
            break;
          case "error": {
            const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
            const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
            if (this.atDirectives || !this.doc)
              this.errors.push(error);
            else
              this.doc.errors.push(error);
            break;
          }
          case "doc-end": {
            if (!this.doc) {
              const msg = "Unexpected doc-end without preceding document";
              this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg));
              break;
            }
            this.doc.directives.docEnd = true;
            const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
            this.decorate(this.doc, true);
            if (end.comment) {
              const dc = this.doc.comment;
              this.doc.comment = dc ? `${dc}
${end.comment}` : end.comment;
            }
            this.doc.range[2] = end.offset;
            break;
          }
          default:
            this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
        }
      }
      /**
       * Call at end of input to yield any remaining document.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
          this.decorate(this.doc, true);
          yield this.doc;
          this.doc = null;
        } else if (forceDoc) {
          const opts = Object.assign({ _directives: this.directives }, this.options);
          const doc = new Document.Document(void 0, opts);
          if (this.atDirectives)
            this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
          doc.range = [0, endOffset, endOffset];
          this.decorate(doc, false);
          yield doc;
        }
      }
    };
    exports.Composer = Composer;
  }
});

// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = __commonJS({
  "node_modules/yaml/dist/parse/cst-scalar.js"(exports) {
    "use strict";
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    var errors = require_errors();
    var stringifyString = require_stringifyString();
    function resolveAsScalar(token, strict = true, onError) {
      if (token) {
        const _onError = (pos, code2, message) => {
          const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
          if (onError)
            onError(offset, code2, message);
          else
            throw new errors.YAMLParseError([offset, offset + 1], code2, message);
        };
        switch (token.type) {
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
          case "block-scalar":
            return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
        }
      }
      return null;
    }
    function createScalarToken(value, context) {
      const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey,
        indent: indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      const end = context.end ?? [
        { type: "newline", offset: -1, indent, source: "\n" }
      ];
      switch (source[0]) {
        case "|":
        case ">": {
          const he = source.indexOf("\n");
          const head = source.substring(0, he);
          const body = source.substring(he + 1) + "\n";
          const props = [
            { type: "block-scalar-header", offset, indent, source: head }
          ];
          if (!addEndtoBlockProps(props, end))
            props.push({ type: "newline", offset: -1, indent, source: "\n" });
          return { type: "block-scalar", offset, indent, props, source: body };
        }
        case '"':
          return { type: "double-quoted-scalar", offset, indent, source, end };
        case "'":
          return { type: "single-quoted-scalar", offset, indent, source, end };
        default:
          return { type: "scalar", offset, indent, source, end };
      }
    }
    function setScalarValue(token, value, context = {}) {
      let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
      let indent = "indent" in token ? token.indent : null;
      if (afterKey && typeof indent === "number")
        indent += 2;
      if (!type)
        switch (token.type) {
          case "single-quoted-scalar":
            type = "QUOTE_SINGLE";
            break;
          case "double-quoted-scalar":
            type = "QUOTE_DOUBLE";
            break;
          case "block-scalar": {
            const header = token.props[0];
            if (header.type !== "block-scalar-header")
              throw new Error("Invalid block scalar header");
            type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
            break;
          }
          default:
            type = "PLAIN";
        }
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey: implicitKey || indent === null,
        indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      switch (source[0]) {
        case "|":
        case ">":
          setBlockScalarValue(token, source);
          break;
        case '"':
          setFlowScalarValue(token, source, "double-quoted-scalar");
          break;
        case "'":
          setFlowScalarValue(token, source, "single-quoted-scalar");
          break;
        default:
          setFlowScalarValue(token, source, "scalar");
      }
    }
    function setBlockScalarValue(token, source) {
      const he = source.indexOf("\n");
      const head = source.substring(0, he);
      const body = source.substring(he + 1) + "\n";
      if (token.type === "block-scalar") {
        const header = token.props[0];
        if (header.type !== "block-scalar-header")
          throw new Error("Invalid block scalar header");
        header.source = head;
        token.source = body;
      } else {
        const { offset } = token;
        const indent = "indent" in token ? token.indent : -1;
        const props = [
          { type: "block-scalar-header", offset, indent, source: head }
        ];
        if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0))
          props.push({ type: "newline", offset: -1, indent, source: "\n" });
        for (const key of Object.keys(token))
          if (key !== "type" && key !== "offset")
            delete token[key];
        Object.assign(token, { type: "block-scalar", indent, props, source: body });
      }
    }
    function addEndtoBlockProps(props, end) {
      if (end)
        for (const st of end)
          switch (st.type) {
            case "space":
            case "comment":
              props.push(st);
              break;
            case "newline":
              props.push(st);
              return true;
          }
      return false;
    }
    function setFlowScalarValue(token, source, type) {
      switch (token.type) {
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          token.type = type;
          token.source = source;
          break;
        case "block-scalar": {
          const end = token.props.slice(1);
          let oa = source.length;
          if (token.props[0].type === "block-scalar-header")
            oa -= token.props[0].source.length;
          for (const tok of end)
            tok.offset += oa;
          delete token.props;
          Object.assign(token, { type, source, end });
          break;
        }
        case "block-map":
        case "block-seq": {
          const offset = token.offset + source.length;
          const nl = { type: "newline", offset, indent: token.indent, source: "\n" };
          delete token.items;
          Object.assign(token, { type, source, end: [nl] });
          break;
        }
        default: {
          const indent = "indent" in token ? token.indent : -1;
          const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
          for (const key of Object.keys(token))
            if (key !== "type" && key !== "offset")
              delete token[key];
          Object.assign(token, { type, indent, source, end });
        }
      }
    }
    exports.createScalarToken = createScalarToken;
    exports.resolveAsScalar = resolveAsScalar;
    exports.setScalarValue = setScalarValue;
  }
});

// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = __commonJS({
  "node_modules/yaml/dist/parse/cst-stringify.js"(exports) {
    "use strict";
    var stringify = (cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst);
    function stringifyToken(token) {
      switch (token.type) {
        case "block-scalar": {
          let res = "";
          for (const tok of token.props)
            res += stringifyToken(tok);
          return res + token.source;
        }
        case "block-map":
        case "block-seq": {
          let res = "";
          for (const item of token.items)
            res += stringifyItem(item);
          return res;
        }
        case "flow-collection": {
          let res = token.start.source;
          for (const item of token.items)
            res += stringifyItem(item);
          for (const st of token.end)
            res += st.source;
          return res;
        }
        case "document": {
          let res = stringifyItem(token);
          if (token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
        default: {
          let res = token.source;
          if ("end" in token && token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
      }
    }
    function stringifyItem({ start, key, sep, value }) {
      let res = "";
      for (const st of start)
        res += st.source;
      if (key)
        res += stringifyToken(key);
      if (sep)
        for (const st of sep)
          res += st.source;
      if (value)
        res += stringifyToken(value);
      return res;
    }
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = __commonJS({
  "node_modules/yaml/dist/parse/cst-visit.js"(exports) {
    "use strict";
    var BREAK2 = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove item");
    function visit2(cst, visitor) {
      if ("type" in cst && cst.type === "document")
        cst = { start: cst.start, value: cst.value };
      _visit(Object.freeze([]), cst, visitor);
    }
    visit2.BREAK = BREAK2;
    visit2.SKIP = SKIP;
    visit2.REMOVE = REMOVE;
    visit2.itemAtPath = (cst, path) => {
      let item = cst;
      for (const [field, index] of path) {
        const tok = item?.[field];
        if (tok && "items" in tok) {
          item = tok.items[index];
        } else
          return void 0;
      }
      return item;
    };
    visit2.parentCollection = (cst, path) => {
      const parent = visit2.itemAtPath(cst, path.slice(0, -1));
      const field = path[path.length - 1][0];
      const coll = parent?.[field];
      if (coll && "items" in coll)
        return coll;
      throw new Error("Parent collection not found");
    };
    function _visit(path, item, visitor) {
      let ctrl = visitor(item, path);
      if (typeof ctrl === "symbol")
        return ctrl;
      for (const field of ["key", "value"]) {
        const token = item[field];
        if (token && "items" in token) {
          for (let i = 0; i < token.items.length; ++i) {
            const ci = _visit(Object.freeze(path.concat([[field, i]])), token.items[i], visitor);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK2)
              return BREAK2;
            else if (ci === REMOVE) {
              token.items.splice(i, 1);
              i -= 1;
            }
          }
          if (typeof ctrl === "function" && field === "key")
            ctrl = ctrl(item, path);
        }
      }
      return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
    }
    exports.visit = visit2;
  }
});

// node_modules/yaml/dist/parse/cst.js
var require_cst = __commonJS({
  "node_modules/yaml/dist/parse/cst.js"(exports) {
    "use strict";
    var cstScalar = require_cst_scalar();
    var cstStringify = require_cst_stringify();
    var cstVisit = require_cst_visit();
    var BOM = "\uFEFF";
    var DOCUMENT = "";
    var FLOW_END = "";
    var SCALAR = "";
    var isCollection = (token) => !!token && "items" in token;
    var isScalar3 = (token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar");
    function prettyToken(token) {
      switch (token) {
        case BOM:
          return "<BOM>";
        case DOCUMENT:
          return "<DOC>";
        case FLOW_END:
          return "<FLOW_END>";
        case SCALAR:
          return "<SCALAR>";
        default:
          return JSON.stringify(token);
      }
    }
    function tokenType(source) {
      switch (source) {
        case BOM:
          return "byte-order-mark";
        case DOCUMENT:
          return "doc-mode";
        case FLOW_END:
          return "flow-error-end";
        case SCALAR:
          return "scalar";
        case "---":
          return "doc-start";
        case "...":
          return "doc-end";
        case "":
        case "\n":
        case "\r\n":
          return "newline";
        case "-":
          return "seq-item-ind";
        case "?":
          return "explicit-key-ind";
        case ":":
          return "map-value-ind";
        case "{":
          return "flow-map-start";
        case "}":
          return "flow-map-end";
        case "[":
          return "flow-seq-start";
        case "]":
          return "flow-seq-end";
        case ",":
          return "comma";
      }
      switch (source[0]) {
        case " ":
        case "	":
          return "space";
        case "#":
          return "comment";
        case "%":
          return "directive-line";
        case "*":
          return "alias";
        case "&":
          return "anchor";
        case "!":
          return "tag";
        case "'":
          return "single-quoted-scalar";
        case '"':
          return "double-quoted-scalar";
        case "|":
        case ">":
          return "block-scalar-header";
      }
      return null;
    }
    exports.createScalarToken = cstScalar.createScalarToken;
    exports.resolveAsScalar = cstScalar.resolveAsScalar;
    exports.setScalarValue = cstScalar.setScalarValue;
    exports.stringify = cstStringify.stringify;
    exports.visit = cstVisit.visit;
    exports.BOM = BOM;
    exports.DOCUMENT = DOCUMENT;
    exports.FLOW_END = FLOW_END;
    exports.SCALAR = SCALAR;
    exports.isCollection = isCollection;
    exports.isScalar = isScalar3;
    exports.prettyToken = prettyToken;
    exports.tokenType = tokenType;
  }
});

// node_modules/yaml/dist/parse/lexer.js
var require_lexer = __commonJS({
  "node_modules/yaml/dist/parse/lexer.js"(exports) {
    "use strict";
    var cst = require_cst();
    function isEmpty(ch) {
      switch (ch) {
        case void 0:
        case " ":
        case "\n":
        case "\r":
        case "	":
          return true;
        default:
          return false;
      }
    }
    var hexDigits = new Set("0123456789ABCDEFabcdef");
    var tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
    var flowIndicatorChars = new Set(",[]{}");
    var invalidAnchorChars = new Set(" ,[]{}\n\r	");
    var isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
    var Lexer2 = class {
      constructor() {
        this.atEnd = false;
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        this.buffer = "";
        this.flowKey = false;
        this.flowLevel = 0;
        this.indentNext = 0;
        this.indentValue = 0;
        this.lineEndPos = null;
        this.next = null;
        this.pos = 0;
      }
      /**
       * Generate YAML tokens from the `source` string. If `incomplete`,
       * a part of the last line may be left as a buffer for the next call.
       *
       * @returns A generator of lexical tokens
       */
      *lex(source, incomplete = false) {
        if (source) {
          if (typeof source !== "string")
            throw TypeError("source is not a string");
          this.buffer = this.buffer ? this.buffer + source : source;
          this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? "stream";
        while (next && (incomplete || this.hasChars(1)))
          next = yield* this.parseNext(next);
      }
      atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === " " || ch === "	")
          ch = this.buffer[++i];
        if (!ch || ch === "#" || ch === "\n")
          return true;
        if (ch === "\r")
          return this.buffer[i + 1] === "\n";
        return false;
      }
      charAt(n) {
        return this.buffer[this.pos + n];
      }
      continueScalar(offset) {
        let ch = this.buffer[offset];
        if (this.indentNext > 0) {
          let indent = 0;
          while (ch === " ")
            ch = this.buffer[++indent + offset];
          if (ch === "\r") {
            const next = this.buffer[indent + offset + 1];
            if (next === "\n" || !next && !this.atEnd)
              return offset + indent + 1;
          }
          return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
        }
        if (ch === "-" || ch === ".") {
          const dt = this.buffer.substr(offset, 3);
          if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset + 3]))
            return -1;
        }
        return offset;
      }
      getLine() {
        let end = this.lineEndPos;
        if (typeof end !== "number" || end !== -1 && end < this.pos) {
          end = this.buffer.indexOf("\n", this.pos);
          this.lineEndPos = end;
        }
        if (end === -1)
          return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end - 1] === "\r")
          end -= 1;
        return this.buffer.substring(this.pos, end);
      }
      hasChars(n) {
        return this.pos + n <= this.buffer.length;
      }
      setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
      }
      peek(n) {
        return this.buffer.substr(this.pos, n);
      }
      *parseNext(next) {
        switch (next) {
          case "stream":
            return yield* this.parseStream();
          case "line-start":
            return yield* this.parseLineStart();
          case "block-start":
            return yield* this.parseBlockStart();
          case "doc":
            return yield* this.parseDocument();
          case "flow":
            return yield* this.parseFlowCollection();
          case "quoted-scalar":
            return yield* this.parseQuotedScalar();
          case "block-scalar":
            return yield* this.parseBlockScalar();
          case "plain-scalar":
            return yield* this.parsePlainScalar();
        }
      }
      *parseStream() {
        let line = this.getLine();
        if (line === null)
          return this.setNext("stream");
        if (line[0] === cst.BOM) {
          yield* this.pushCount(1);
          line = line.substring(1);
        }
        if (line[0] === "%") {
          let dirEnd = line.length;
          let cs = line.indexOf("#");
          while (cs !== -1) {
            const ch = line[cs - 1];
            if (ch === " " || ch === "	") {
              dirEnd = cs - 1;
              break;
            } else {
              cs = line.indexOf("#", cs + 1);
            }
          }
          while (true) {
            const ch = line[dirEnd - 1];
            if (ch === " " || ch === "	")
              dirEnd -= 1;
            else
              break;
          }
          const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
          yield* this.pushCount(line.length - n);
          this.pushNewline();
          return "stream";
        }
        if (this.atLineEnd()) {
          const sp = yield* this.pushSpaces(true);
          yield* this.pushCount(line.length - sp);
          yield* this.pushNewline();
          return "stream";
        }
        yield cst.DOCUMENT;
        return yield* this.parseLineStart();
      }
      *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
          return this.setNext("line-start");
        if (ch === "-" || ch === ".") {
          if (!this.atEnd && !this.hasChars(4))
            return this.setNext("line-start");
          const s = this.peek(3);
          if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
            yield* this.pushCount(3);
            this.indentValue = 0;
            this.indentNext = 0;
            return s === "---" ? "doc" : "stream";
          }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1)))
          this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
      }
      *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
          return this.setNext("block-start");
        if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
          const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
          this.indentNext = this.indentValue + 1;
          this.indentValue += n;
          return "block-start";
        }
        return "doc";
      }
      *parseDocument() {
        yield* this.pushSpaces(true);
        const line = this.getLine();
        if (line === null)
          return this.setNext("doc");
        let n = yield* this.pushIndicators();
        switch (line[n]) {
          case "#":
            yield* this.pushCount(line.length - n);
          // fallthrough
          case void 0:
            yield* this.pushNewline();
            return yield* this.parseLineStart();
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel = 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            return "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "doc";
          case '"':
          case "'":
            return yield* this.parseQuotedScalar();
          case "|":
          case ">":
            n += yield* this.parseBlockScalarHeader();
            n += yield* this.pushSpaces(true);
            yield* this.pushCount(line.length - n);
            yield* this.pushNewline();
            return yield* this.parseBlockScalar();
          default:
            return yield* this.parsePlainScalar();
        }
      }
      *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
          nl = yield* this.pushNewline();
          if (nl > 0) {
            sp = yield* this.pushSpaces(false);
            this.indentValue = indent = sp;
          } else {
            sp = 0;
          }
          sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line = this.getLine();
        if (line === null)
          return this.setNext("flow");
        if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty(line[3])) {
          const atFlowEndMarker = indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}");
          if (!atFlowEndMarker) {
            this.flowLevel = 0;
            yield cst.FLOW_END;
            return yield* this.parseLineStart();
          }
        }
        let n = 0;
        while (line[n] === ",") {
          n += yield* this.pushCount(1);
          n += yield* this.pushSpaces(true);
          this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line[n]) {
          case void 0:
            return "flow";
          case "#":
            yield* this.pushCount(line.length - n);
            return "flow";
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel += 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            this.flowKey = true;
            this.flowLevel -= 1;
            return this.flowLevel ? "flow" : "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "flow";
          case '"':
          case "'":
            this.flowKey = true;
            return yield* this.parseQuotedScalar();
          case ":": {
            const next = this.charAt(1);
            if (this.flowKey || isEmpty(next) || next === ",") {
              this.flowKey = false;
              yield* this.pushCount(1);
              yield* this.pushSpaces(true);
              return "flow";
            }
          }
          // fallthrough
          default:
            this.flowKey = false;
            return yield* this.parsePlainScalar();
        }
      }
      *parseQuotedScalar() {
        const quote = this.charAt(0);
        let end = this.buffer.indexOf(quote, this.pos + 1);
        if (quote === "'") {
          while (end !== -1 && this.buffer[end + 1] === "'")
            end = this.buffer.indexOf("'", end + 2);
        } else {
          while (end !== -1) {
            let n = 0;
            while (this.buffer[end - 1 - n] === "\\")
              n += 1;
            if (n % 2 === 0)
              break;
            end = this.buffer.indexOf('"', end + 1);
          }
        }
        const qb = this.buffer.substring(0, end);
        let nl = qb.indexOf("\n", this.pos);
        if (nl !== -1) {
          while (nl !== -1) {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = qb.indexOf("\n", cs);
          }
          if (nl !== -1) {
            end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
          }
        }
        if (end === -1) {
          if (!this.atEnd)
            return this.setNext("quoted-scalar");
          end = this.buffer.length;
        }
        yield* this.pushToIndex(end + 1, false);
        return this.flowLevel ? "flow" : "doc";
      }
      *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
          const ch = this.buffer[++i];
          if (ch === "+")
            this.blockScalarKeep = true;
          else if (ch > "0" && ch <= "9")
            this.blockScalarIndent = Number(ch) - 1;
          else if (ch !== "-")
            break;
        }
        return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
      }
      *parseBlockScalar() {
        let nl = this.pos - 1;
        let indent = 0;
        let ch;
        loop: for (let i2 = this.pos; ch = this.buffer[i2]; ++i2) {
          switch (ch) {
            case " ":
              indent += 1;
              break;
            case "\n":
              nl = i2;
              indent = 0;
              break;
            case "\r": {
              const next = this.buffer[i2 + 1];
              if (!next && !this.atEnd)
                return this.setNext("block-scalar");
              if (next === "\n")
                break;
            }
            // fallthrough
            default:
              break loop;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("block-scalar");
        if (indent >= this.indentNext) {
          if (this.blockScalarIndent === -1)
            this.indentNext = indent;
          else {
            this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
          }
          do {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = this.buffer.indexOf("\n", cs);
          } while (nl !== -1);
          if (nl === -1) {
            if (!this.atEnd)
              return this.setNext("block-scalar");
            nl = this.buffer.length;
          }
        }
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === " ")
          ch = this.buffer[++i];
        if (ch === "	") {
          while (ch === "	" || ch === " " || ch === "\r" || ch === "\n")
            ch = this.buffer[++i];
          nl = i - 1;
        } else if (!this.blockScalarKeep) {
          do {
            let i2 = nl - 1;
            let ch2 = this.buffer[i2];
            if (ch2 === "\r")
              ch2 = this.buffer[--i2];
            const lastChar = i2;
            while (ch2 === " ")
              ch2 = this.buffer[--i2];
            if (ch2 === "\n" && i2 >= this.pos && i2 + 1 + indent > lastChar)
              nl = i2;
            else
              break;
          } while (true);
        }
        yield cst.SCALAR;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
      }
      *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while (ch = this.buffer[++i]) {
          if (ch === ":") {
            const next = this.buffer[i + 1];
            if (isEmpty(next) || inFlow && flowIndicatorChars.has(next))
              break;
            end = i;
          } else if (isEmpty(ch)) {
            let next = this.buffer[i + 1];
            if (ch === "\r") {
              if (next === "\n") {
                i += 1;
                ch = "\n";
                next = this.buffer[i + 1];
              } else
                end = i;
            }
            if (next === "#" || inFlow && flowIndicatorChars.has(next))
              break;
            if (ch === "\n") {
              const cs = this.continueScalar(i + 1);
              if (cs === -1)
                break;
              i = Math.max(i, cs - 2);
            }
          } else {
            if (inFlow && flowIndicatorChars.has(ch))
              break;
            end = i;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("plain-scalar");
        yield cst.SCALAR;
        yield* this.pushToIndex(end + 1, true);
        return inFlow ? "flow" : "doc";
      }
      *pushCount(n) {
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos += n;
          return n;
        }
        return 0;
      }
      *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
          yield s;
          this.pos += s.length;
          return s.length;
        } else if (allowEmpty)
          yield "";
        return 0;
      }
      *pushIndicators() {
        let n = 0;
        loop: while (true) {
          switch (this.charAt(0)) {
            case "!":
              n += yield* this.pushTag();
              n += yield* this.pushSpaces(true);
              continue loop;
            case "&":
              n += yield* this.pushUntil(isNotAnchorChar);
              n += yield* this.pushSpaces(true);
              continue loop;
            case "-":
            // this is an error
            case "?":
            // this is an error outside flow collections
            case ":": {
              const inFlow = this.flowLevel > 0;
              const ch1 = this.charAt(1);
              if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
                if (!inFlow)
                  this.indentNext = this.indentValue + 1;
                else if (this.flowKey)
                  this.flowKey = false;
                n += yield* this.pushCount(1);
                n += yield* this.pushSpaces(true);
                continue loop;
              }
            }
          }
          break loop;
        }
        return n;
      }
      *pushTag() {
        if (this.charAt(1) === "<") {
          let i = this.pos + 2;
          let ch = this.buffer[i];
          while (!isEmpty(ch) && ch !== ">")
            ch = this.buffer[++i];
          return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
        } else {
          let i = this.pos + 1;
          let ch = this.buffer[i];
          while (ch) {
            if (tagChars.has(ch))
              ch = this.buffer[++i];
            else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) {
              ch = this.buffer[i += 3];
            } else
              break;
          }
          return yield* this.pushToIndex(i, false);
        }
      }
      *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === "\n")
          return yield* this.pushCount(1);
        else if (ch === "\r" && this.charAt(1) === "\n")
          return yield* this.pushCount(2);
        else
          return 0;
      }
      *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
          ch = this.buffer[++i];
        } while (ch === " " || allowTabs && ch === "	");
        const n = i - this.pos;
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos = i;
        }
        return n;
      }
      *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
          ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
      }
    };
    exports.Lexer = Lexer2;
  }
});

// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = __commonJS({
  "node_modules/yaml/dist/parse/line-counter.js"(exports) {
    "use strict";
    var LineCounter3 = class {
      constructor() {
        this.lineStarts = [];
        this.addNewLine = (offset) => this.lineStarts.push(offset);
        this.linePos = (offset) => {
          let low = 0;
          let high = this.lineStarts.length;
          while (low < high) {
            const mid = low + high >> 1;
            if (this.lineStarts[mid] < offset)
              low = mid + 1;
            else
              high = mid;
          }
          if (this.lineStarts[low] === offset)
            return { line: low + 1, col: 1 };
          if (low === 0)
            return { line: 0, col: offset };
          const start = this.lineStarts[low - 1];
          return { line: low, col: offset - start + 1 };
        };
      }
    };
    exports.LineCounter = LineCounter3;
  }
});

// node_modules/yaml/dist/parse/parser.js
var require_parser = __commonJS({
  "node_modules/yaml/dist/parse/parser.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var cst = require_cst();
    var lexer = require_lexer();
    function includesToken(list3, type) {
      for (let i = 0; i < list3.length; ++i)
        if (list3[i].type === type)
          return true;
      return false;
    }
    function findNonEmptyIndex(list3) {
      for (let i = 0; i < list3.length; ++i) {
        switch (list3[i].type) {
          case "space":
          case "comment":
          case "newline":
            break;
          default:
            return i;
        }
      }
      return -1;
    }
    function isFlowToken(token) {
      switch (token?.type) {
        case "alias":
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "flow-collection":
          return true;
        default:
          return false;
      }
    }
    function getPrevProps(parent) {
      switch (parent.type) {
        case "document":
          return parent.start;
        case "block-map": {
          const it = parent.items[parent.items.length - 1];
          return it.sep ?? it.start;
        }
        case "block-seq":
          return parent.items[parent.items.length - 1].start;
        /* istanbul ignore next should not happen */
        default:
          return [];
      }
    }
    function getFirstKeyStartProps(prev) {
      if (prev.length === 0)
        return [];
      let i = prev.length;
      loop: while (--i >= 0) {
        switch (prev[i].type) {
          case "doc-start":
          case "explicit-key-ind":
          case "map-value-ind":
          case "seq-item-ind":
          case "newline":
            break loop;
        }
      }
      while (prev[++i]?.type === "space") {
      }
      return prev.splice(i, prev.length);
    }
    function arrayPushArray(target2, source) {
      if (source.length < 1e5)
        Array.prototype.push.apply(target2, source);
      else
        for (let i = 0; i < source.length; ++i)
          target2.push(source[i]);
    }
    function fixFlowSeqItems(fc) {
      if (fc.start.type === "flow-seq-start") {
        for (const it of fc.items) {
          if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
            if (it.key)
              it.value = it.key;
            delete it.key;
            if (isFlowToken(it.value)) {
              if (it.value.end)
                arrayPushArray(it.value.end, it.sep);
              else
                it.value.end = it.sep;
            } else
              arrayPushArray(it.start, it.sep);
            delete it.sep;
          }
        }
      }
    }
    var Parser = class {
      /**
       * @param onNewLine - If defined, called separately with the start position of
       *   each new line (in `parse()`, including the start of input).
       */
      constructor(onNewLine) {
        this.atNewLine = true;
        this.atScalar = false;
        this.indent = 0;
        this.offset = 0;
        this.onKeyLine = false;
        this.stack = [];
        this.source = "";
        this.type = "";
        this.lexer = new lexer.Lexer();
        this.onNewLine = onNewLine;
      }
      /**
       * Parse `source` as a YAML stream.
       * If `incomplete`, a part of the last line may be left as a buffer for the next call.
       *
       * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
       *
       * @returns A generator of tokens representing each directive, document, and other structure.
       */
      *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
          this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
          yield* this.next(lexeme);
        if (!incomplete)
          yield* this.end();
      }
      /**
       * Advance the parser by the `source` of one lexical token.
       */
      *next(source) {
        this.source = source;
        if (node_process.env.LOG_TOKENS)
          console.log("|", cst.prettyToken(source));
        if (this.atScalar) {
          this.atScalar = false;
          yield* this.step();
          this.offset += source.length;
          return;
        }
        const type = cst.tokenType(source);
        if (!type) {
          const message = `Not a YAML token: ${source}`;
          yield* this.pop({ type: "error", offset: this.offset, message, source });
          this.offset += source.length;
        } else if (type === "scalar") {
          this.atNewLine = false;
          this.atScalar = true;
          this.type = "scalar";
        } else {
          this.type = type;
          yield* this.step();
          switch (type) {
            case "newline":
              this.atNewLine = true;
              this.indent = 0;
              if (this.onNewLine)
                this.onNewLine(this.offset + source.length);
              break;
            case "space":
              if (this.atNewLine && source[0] === " ")
                this.indent += source.length;
              break;
            case "explicit-key-ind":
            case "map-value-ind":
            case "seq-item-ind":
              if (this.atNewLine)
                this.indent += source.length;
              break;
            case "doc-mode":
            case "flow-error-end":
              return;
            default:
              this.atNewLine = false;
          }
          this.offset += source.length;
        }
      }
      /** Call at end of input to push out any remaining constructions */
      *end() {
        while (this.stack.length > 0)
          yield* this.pop();
      }
      get sourceToken() {
        const st = {
          type: this.type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
        return st;
      }
      *step() {
        const top = this.peek(1);
        if (this.type === "doc-end" && top?.type !== "doc-end") {
          while (this.stack.length > 0)
            yield* this.pop();
          this.stack.push({
            type: "doc-end",
            offset: this.offset,
            source: this.source
          });
          return;
        }
        if (!top)
          return yield* this.stream();
        switch (top.type) {
          case "document":
            return yield* this.document(top);
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return yield* this.scalar(top);
          case "block-scalar":
            return yield* this.blockScalar(top);
          case "block-map":
            return yield* this.blockMap(top);
          case "block-seq":
            return yield* this.blockSequence(top);
          case "flow-collection":
            return yield* this.flowCollection(top);
          case "doc-end":
            return yield* this.documentEnd(top);
        }
        yield* this.pop();
      }
      peek(n) {
        return this.stack[this.stack.length - n];
      }
      *pop(error) {
        const token = error ?? this.stack.pop();
        if (!token) {
          const message = "Tried to pop an empty stack";
          yield { type: "error", offset: this.offset, source: "", message };
        } else if (this.stack.length === 0) {
          yield token;
        } else {
          const top = this.peek(1);
          if (token.type === "block-scalar") {
            token.indent = "indent" in top ? top.indent : 0;
          } else if (token.type === "flow-collection" && top.type === "document") {
            token.indent = 0;
          }
          if (token.type === "flow-collection")
            fixFlowSeqItems(token);
          switch (top.type) {
            case "document":
              top.value = token;
              break;
            case "block-scalar":
              top.props.push(token);
              break;
            case "block-map": {
              const it = top.items[top.items.length - 1];
              if (it.value) {
                top.items.push({ start: [], key: token, sep: [] });
                this.onKeyLine = true;
                return;
              } else if (it.sep) {
                it.value = token;
              } else {
                Object.assign(it, { key: token, sep: [] });
                this.onKeyLine = !it.explicitKey;
                return;
              }
              break;
            }
            case "block-seq": {
              const it = top.items[top.items.length - 1];
              if (it.value)
                top.items.push({ start: [], value: token });
              else
                it.value = token;
              break;
            }
            case "flow-collection": {
              const it = top.items[top.items.length - 1];
              if (!it || it.value)
                top.items.push({ start: [], key: token, sep: [] });
              else if (it.sep)
                it.value = token;
              else
                Object.assign(it, { key: token, sep: [] });
              return;
            }
            /* istanbul ignore next should not happen */
            default:
              yield* this.pop();
              yield* this.pop(token);
          }
          if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
            const last = token.items[token.items.length - 1];
            if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
              if (top.type === "document")
                top.end = last.start;
              else
                top.items.push({ start: last.start });
              token.items.splice(-1, 1);
            }
          }
        }
      }
      *stream() {
        switch (this.type) {
          case "directive-line":
            yield { type: "directive", offset: this.offset, source: this.source };
            return;
          case "byte-order-mark":
          case "space":
          case "comment":
          case "newline":
            yield this.sourceToken;
            return;
          case "doc-mode":
          case "doc-start": {
            const doc = {
              type: "document",
              offset: this.offset,
              start: []
            };
            if (this.type === "doc-start")
              doc.start.push(this.sourceToken);
            this.stack.push(doc);
            return;
          }
        }
        yield {
          type: "error",
          offset: this.offset,
          message: `Unexpected ${this.type} token in YAML stream`,
          source: this.source
        };
      }
      *document(doc) {
        if (doc.value)
          return yield* this.lineEnd(doc);
        switch (this.type) {
          case "doc-start": {
            if (findNonEmptyIndex(doc.start) !== -1) {
              yield* this.pop();
              yield* this.step();
            } else
              doc.start.push(this.sourceToken);
            return;
          }
          case "anchor":
          case "tag":
          case "space":
          case "comment":
          case "newline":
            doc.start.push(this.sourceToken);
            return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
          this.stack.push(bv);
        else {
          yield {
            type: "error",
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML document`,
            source: this.source
          };
        }
      }
      *scalar(scalar) {
        if (this.type === "map-value-ind") {
          const prev = getPrevProps(this.peek(2));
          const start = getFirstKeyStartProps(prev);
          let sep;
          if (scalar.end) {
            sep = scalar.end;
            sep.push(this.sourceToken);
            delete scalar.end;
          } else
            sep = [this.sourceToken];
          const map = {
            type: "block-map",
            offset: scalar.offset,
            indent: scalar.indent,
            items: [{ start, key: scalar, sep }]
          };
          this.onKeyLine = true;
          this.stack[this.stack.length - 1] = map;
        } else
          yield* this.lineEnd(scalar);
      }
      *blockScalar(scalar) {
        switch (this.type) {
          case "space":
          case "comment":
          case "newline":
            scalar.props.push(this.sourceToken);
            return;
          case "scalar":
            scalar.source = this.source;
            this.atNewLine = true;
            this.indent = 0;
            if (this.onNewLine) {
              let nl = this.source.indexOf("\n") + 1;
              while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf("\n", nl) + 1;
              }
            }
            yield* this.pop();
            break;
          /* istanbul ignore next should not happen */
          default:
            yield* this.pop();
            yield* this.step();
        }
      }
      *blockMap(map) {
        const it = map.items[map.items.length - 1];
        switch (this.type) {
          case "newline":
            this.onKeyLine = false;
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              it.start.push(this.sourceToken);
            }
            return;
          case "space":
          case "comment":
            if (it.value) {
              map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              if (this.atIndentedComment(it.start, map.indent)) {
                const prev = map.items[map.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  map.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
        }
        if (this.indent >= map.indent) {
          const atMapIndent = !this.onKeyLine && this.indent === map.indent;
          const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
          let start = [];
          if (atNextItem && it.sep && !it.value) {
            const nl = [];
            for (let i = 0; i < it.sep.length; ++i) {
              const st = it.sep[i];
              switch (st.type) {
                case "newline":
                  nl.push(i);
                  break;
                case "space":
                  break;
                case "comment":
                  if (st.indent > map.indent)
                    nl.length = 0;
                  break;
                default:
                  nl.length = 0;
              }
            }
            if (nl.length >= 2)
              start = it.sep.splice(nl[1]);
          }
          switch (this.type) {
            case "anchor":
            case "tag":
              if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start });
                this.onKeyLine = true;
              } else if (it.sep) {
                it.sep.push(this.sourceToken);
              } else {
                it.start.push(this.sourceToken);
              }
              return;
            case "explicit-key-ind":
              if (!it.sep && !it.explicitKey) {
                it.start.push(this.sourceToken);
                it.explicitKey = true;
              } else if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start, explicitKey: true });
              } else {
                this.stack.push({
                  type: "block-map",
                  offset: this.offset,
                  indent: this.indent,
                  items: [{ start: [this.sourceToken], explicitKey: true }]
                });
              }
              this.onKeyLine = true;
              return;
            case "map-value-ind":
              if (it.explicitKey) {
                if (!it.sep) {
                  if (includesToken(it.start, "newline")) {
                    Object.assign(it, { key: null, sep: [this.sourceToken] });
                  } else {
                    const start2 = getFirstKeyStartProps(it.start);
                    this.stack.push({
                      type: "block-map",
                      offset: this.offset,
                      indent: this.indent,
                      items: [{ start: start2, key: null, sep: [this.sourceToken] }]
                    });
                  }
                } else if (it.value) {
                  map.items.push({ start: [], key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, key: null, sep: [this.sourceToken] }]
                  });
                } else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
                  const start2 = getFirstKeyStartProps(it.start);
                  const key = it.key;
                  const sep = it.sep;
                  sep.push(this.sourceToken);
                  delete it.key;
                  delete it.sep;
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start2, key, sep }]
                  });
                } else if (start.length > 0) {
                  it.sep = it.sep.concat(start, this.sourceToken);
                } else {
                  it.sep.push(this.sourceToken);
                }
              } else {
                if (!it.sep) {
                  Object.assign(it, { key: null, sep: [this.sourceToken] });
                } else if (it.value || atNextItem) {
                  map.items.push({ start, key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [], key: null, sep: [this.sourceToken] }]
                  });
                } else {
                  it.sep.push(this.sourceToken);
                }
              }
              this.onKeyLine = true;
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (atNextItem || it.value) {
                map.items.push({ start, key: fs, sep: [] });
                this.onKeyLine = true;
              } else if (it.sep) {
                this.stack.push(fs);
              } else {
                Object.assign(it, { key: fs, sep: [] });
                this.onKeyLine = true;
              }
              return;
            }
            default: {
              const bv = this.startBlockValue(map);
              if (bv) {
                if (bv.type === "block-seq") {
                  if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
                    yield* this.pop({
                      type: "error",
                      offset: this.offset,
                      message: "Unexpected block-seq-ind on same line with key",
                      source: this.source
                    });
                    return;
                  }
                } else if (atMapIndent) {
                  map.items.push({ start });
                }
                this.stack.push(bv);
                return;
              }
            }
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *blockSequence(seq) {
        const it = seq.items[seq.items.length - 1];
        switch (this.type) {
          case "newline":
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                seq.items.push({ start: [this.sourceToken] });
            } else
              it.start.push(this.sourceToken);
            return;
          case "space":
          case "comment":
            if (it.value)
              seq.items.push({ start: [this.sourceToken] });
            else {
              if (this.atIndentedComment(it.start, seq.indent)) {
                const prev = seq.items[seq.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  seq.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
          case "anchor":
          case "tag":
            if (it.value || this.indent <= seq.indent)
              break;
            it.start.push(this.sourceToken);
            return;
          case "seq-item-ind":
            if (this.indent !== seq.indent)
              break;
            if (it.value || includesToken(it.start, "seq-item-ind"))
              seq.items.push({ start: [this.sourceToken] });
            else
              it.start.push(this.sourceToken);
            return;
        }
        if (this.indent > seq.indent) {
          const bv = this.startBlockValue(seq);
          if (bv) {
            this.stack.push(bv);
            return;
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === "flow-error-end") {
          let top;
          do {
            yield* this.pop();
            top = this.peek(1);
          } while (top?.type === "flow-collection");
        } else if (fc.end.length === 0) {
          switch (this.type) {
            case "comma":
            case "explicit-key-ind":
              if (!it || it.sep)
                fc.items.push({ start: [this.sourceToken] });
              else
                it.start.push(this.sourceToken);
              return;
            case "map-value-ind":
              if (!it || it.value)
                fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                Object.assign(it, { key: null, sep: [this.sourceToken] });
              return;
            case "space":
            case "comment":
            case "newline":
            case "anchor":
            case "tag":
              if (!it || it.value)
                fc.items.push({ start: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                it.start.push(this.sourceToken);
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (!it || it.value)
                fc.items.push({ start: [], key: fs, sep: [] });
              else if (it.sep)
                this.stack.push(fs);
              else
                Object.assign(it, { key: fs, sep: [] });
              return;
            }
            case "flow-map-end":
            case "flow-seq-end":
              fc.end.push(this.sourceToken);
              return;
          }
          const bv = this.startBlockValue(fc);
          if (bv)
            this.stack.push(bv);
          else {
            yield* this.pop();
            yield* this.step();
          }
        } else {
          const parent = this.peek(2);
          if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
            yield* this.pop();
            yield* this.step();
          } else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            fixFlowSeqItems(fc);
            const sep = fc.end.splice(1, fc.end.length);
            sep.push(this.sourceToken);
            const map = {
              type: "block-map",
              offset: fc.offset,
              indent: fc.indent,
              items: [{ start, key: fc, sep }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map;
          } else {
            yield* this.lineEnd(fc);
          }
        }
      }
      flowScalar(type) {
        if (this.onNewLine) {
          let nl = this.source.indexOf("\n") + 1;
          while (nl !== 0) {
            this.onNewLine(this.offset + nl);
            nl = this.source.indexOf("\n", nl) + 1;
          }
        }
        return {
          type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
      }
      startBlockValue(parent) {
        switch (this.type) {
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return this.flowScalar(this.type);
          case "block-scalar-header":
            return {
              type: "block-scalar",
              offset: this.offset,
              indent: this.indent,
              props: [this.sourceToken],
              source: ""
            };
          case "flow-map-start":
          case "flow-seq-start":
            return {
              type: "flow-collection",
              offset: this.offset,
              indent: this.indent,
              start: this.sourceToken,
              items: [],
              end: []
            };
          case "seq-item-ind":
            return {
              type: "block-seq",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: [this.sourceToken] }]
            };
          case "explicit-key-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            start.push(this.sourceToken);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, explicitKey: true }]
            };
          }
          case "map-value-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, key: null, sep: [this.sourceToken] }]
            };
          }
        }
        return null;
      }
      atIndentedComment(start, indent) {
        if (this.type !== "comment")
          return false;
        if (this.indent <= indent)
          return false;
        return start.every((st) => st.type === "newline" || st.type === "space");
      }
      *documentEnd(docEnd) {
        if (this.type !== "doc-mode") {
          if (docEnd.end)
            docEnd.end.push(this.sourceToken);
          else
            docEnd.end = [this.sourceToken];
          if (this.type === "newline")
            yield* this.pop();
        }
      }
      *lineEnd(token) {
        switch (this.type) {
          case "comma":
          case "doc-start":
          case "doc-end":
          case "flow-seq-end":
          case "flow-map-end":
          case "map-value-ind":
            yield* this.pop();
            yield* this.step();
            break;
          case "newline":
            this.onKeyLine = false;
          // fallthrough
          case "space":
          case "comment":
          default:
            if (token.end)
              token.end.push(this.sourceToken);
            else
              token.end = [this.sourceToken];
            if (this.type === "newline")
              yield* this.pop();
        }
      }
    };
    exports.Parser = Parser;
  }
});

// node_modules/yaml/dist/public-api.js
var require_public_api = __commonJS({
  "node_modules/yaml/dist/public-api.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var errors = require_errors();
    var log = require_log();
    var identity = require_identity();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    function parseOptions(options) {
      const prettyErrors = options.prettyErrors !== false;
      const lineCounter$1 = options.lineCounter || prettyErrors && new lineCounter.LineCounter() || null;
      return { lineCounter: lineCounter$1, prettyErrors };
    }
    function parseAllDocuments(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      const docs = Array.from(composer$1.compose(parser$1.parse(source)));
      if (prettyErrors && lineCounter2)
        for (const doc of docs) {
          doc.errors.forEach(errors.prettifyError(source, lineCounter2));
          doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
        }
      if (docs.length > 0)
        return docs;
      return Object.assign([], { empty: true }, composer$1.streamInfo());
    }
    function parseDocument2(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      let doc = null;
      for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) {
        if (!doc)
          doc = _doc;
        else if (doc.options.logLevel !== "silent") {
          doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
          break;
        }
      }
      if (prettyErrors && lineCounter2) {
        doc.errors.forEach(errors.prettifyError(source, lineCounter2));
        doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
      }
      return doc;
    }
    function parse(src, reviver, options) {
      let _reviver = void 0;
      if (typeof reviver === "function") {
        _reviver = reviver;
      } else if (options === void 0 && reviver && typeof reviver === "object") {
        options = reviver;
      }
      const doc = parseDocument2(src, options);
      if (!doc)
        return null;
      doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
      if (doc.errors.length > 0) {
        if (doc.options.logLevel !== "silent")
          throw doc.errors[0];
        else
          doc.errors = [];
      }
      return doc.toJS(Object.assign({ reviver: _reviver }, options));
    }
    function stringify(value, replacer, options) {
      let _replacer = null;
      if (typeof replacer === "function" || Array.isArray(replacer)) {
        _replacer = replacer;
      } else if (options === void 0 && replacer) {
        options = replacer;
      }
      if (typeof options === "string")
        options = options.length;
      if (typeof options === "number") {
        const indent = Math.round(options);
        options = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
      }
      if (value === void 0) {
        const { keepUndefined } = options ?? replacer ?? {};
        if (!keepUndefined)
          return void 0;
      }
      if (identity.isDocument(value) && !_replacer)
        return value.toString(options);
      return new Document.Document(value, _replacer, options).toString(options);
    }
    exports.parse = parse;
    exports.parseAllDocuments = parseAllDocuments;
    exports.parseDocument = parseDocument2;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/index.js
var require_dist = __commonJS({
  "node_modules/yaml/dist/index.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var Schema = require_Schema();
    var errors = require_errors();
    var Alias = require_Alias();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var cst = require_cst();
    var lexer = require_lexer();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    var publicApi = require_public_api();
    var visit2 = require_visit();
    exports.Composer = composer.Composer;
    exports.Document = Document.Document;
    exports.Schema = Schema.Schema;
    exports.YAMLError = errors.YAMLError;
    exports.YAMLParseError = errors.YAMLParseError;
    exports.YAMLWarning = errors.YAMLWarning;
    exports.Alias = Alias.Alias;
    exports.isAlias = identity.isAlias;
    exports.isCollection = identity.isCollection;
    exports.isDocument = identity.isDocument;
    exports.isMap = identity.isMap;
    exports.isNode = identity.isNode;
    exports.isPair = identity.isPair;
    exports.isScalar = identity.isScalar;
    exports.isSeq = identity.isSeq;
    exports.Pair = Pair.Pair;
    exports.Scalar = Scalar.Scalar;
    exports.YAMLMap = YAMLMap.YAMLMap;
    exports.YAMLSeq = YAMLSeq.YAMLSeq;
    exports.CST = cst;
    exports.Lexer = lexer.Lexer;
    exports.LineCounter = lineCounter.LineCounter;
    exports.Parser = parser.Parser;
    exports.parse = publicApi.parse;
    exports.parseAllDocuments = publicApi.parseAllDocuments;
    exports.parseDocument = publicApi.parseDocument;
    exports.stringify = publicApi.stringify;
    exports.visit = visit2.visit;
    exports.visitAsync = visit2.visitAsync;
  }
});

// src/runner/failure.ts


// src/errors/action-error.ts
var ActionError = class extends Error {
  name = "ActionError";
  code;
  reason;
  hint;
  details;
  constructor(code2, message, fields) {
    super(message, fields.cause === void 0 ? void 0 : { cause: fields.cause });
    this.code = code2;
    this.reason = fields.reason;
    this.hint = fields.hint;
    this.details = fields.details;
  }
};
function isActionError(error) {
  return error instanceof ActionError;
}
function hasCode(error, code2) {
  return error instanceof ActionError && error.code === code2;
}
function problemError(code2, { object, reason, message, hint }) {
  return new ActionError(code2, message, { reason, hint, details: { problems: [{ object, reason, message }] } });
}

// src/inputs/grammar/violations.ts
function findClosest(word, candidates) {
  const written = normalizeWord(word);
  const allowed = written.length <= 5 ? 1 : 2;
  let best;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) > allowed) continue;
    const edits = measureEditDistance(written, normalizeWord(candidate));
    if (edits <= allowed && (best === void 0 || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}
function normalizeWord(word) {
  return word.toLowerCase().replaceAll("_", "-");
}
function measureEditDistance(left, right) {
  let beforePrevious = [];
  let previous = Array.from({ length: right.length + 1 }, (_2, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = row > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          readCell(previous, column) + 1,
          readCell(current, column - 1) + 1,
          readCell(previous, column - 1) + (same ? 0 : 1),
          swapped ? readCell(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY
        )
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return readCell(previous, right.length);
}
function readCell(row, column) {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
function formatWorkflowLine(name, value) {
  if (value.includes("\n")) return [`${name}: |`, ...value.split("\n").map((line) => `  ${line}`)].join("\n");
  const plain = /^[A-Za-z0-9/][\w./:+,@ -]*$/.test(value) && !/: |:$| $/.test(value);
  const expression = /^\$\{\{[^{}]*\}\}$/.test(value);
  return `${name}: ${plain || expression ? value : `'${value.replaceAll("'", "''")}'`}`;
}
function refuseValue(row, text, parsed) {
  const secret = row.grammar.secrets !== void 0;
  const got = secret ? "a value not shown here" : quoteText(text);
  const meant = secret ? void 0 : parsed.suggestion;
  const misspelt = meant !== void 0 && /^[a-z]/i.test(meant) && findClosest(text, [meant]) !== void 0;
  const hint = misspelt ? `; did you mean \`${meant}\`?` : "";
  return {
    input: row.name,
    message: `got ${got}, expected ${parsed.expected ?? row.grammar.expected}${hint}`,
    correction: formatWorkflowLine(row.name, meant ?? findExample(row))
  };
}
function refuseUnusedInput(row, command) {
  const owners = row.commands.map((owner) => `\`${owner}\``).join(", ");
  return {
    input: row.name,
    message: `\`command: ${command}\` does not use it; it belongs to ${owners}`,
    correction: `# remove \`${row.name}\``
  };
}
function refuseMisspeltName(written, value, row) {
  const secret = row.grammar.secrets !== void 0;
  return {
    input: written,
    message: `unknown input; did you mean \`${row.name}\`?`,
    correction: formatWorkflowLine(row.name, secret ? findExample(row) : value)
  };
}
function createInputError(violations) {
  const count = violations.length === 1 ? "1 input is" : `${violations.length} inputs are`;
  const lines = violations.map(({ input, message }) => `  ${input}: ${message}`);
  const corrections = [...new Set(violations.map(({ correction }) => correction))].flatMap((correction) => correction.split("\n")).map((line) => `    ${line}`);
  return new ActionError("INPUT_INVALID", [`${count} invalid:`, ...lines].join("\n"), {
    hint: ["Correct the step:", "  with:", ...corrections].join("\n"),
    details: { violations }
  });
}
function findExample(row) {
  if (row.grammar.secrets !== void 0) return `\${{ secrets.${row.name.toUpperCase().replaceAll("-", "_")} }}`;
  return row.default === "" ? row.grammar.example : row.default;
}
function quoteText(text) {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

// src/cluster/preview.ts


// src/text/duration-text.ts
var HOUR_MS = 60 * 6e4;
var DAY_MS = 24 * HOUR_MS;
var YEAR_MS = 365 * DAY_MS;
function formatElapsed(ms) {
  const seconds = ms / 1e3;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
function formatDistance(date, now) {
  const ms = date.getTime() - now.getTime();
  const [size2, unit] = selectUnit(Math.abs(ms));
  const count = Math.round(Math.abs(ms) / size2);
  const text = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return ms < 0 ? `${text} ago` : `in ${text}`;
}
function selectUnit(ms) {
  if (ms < DAY_MS) return [HOUR_MS, "hour"];
  return ms < 2 * YEAR_MS ? [DAY_MS, "day"] : [YEAR_MS, "year"];
}
function formatDate(date) {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

// src/cluster/preview.ts
var DEPLOYMENT_NAME = { pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/, longest: 52 };
var HASH_DIGITS = 8;
var PREFIX = "nats-";
var LONGEST_TEXT = 1e3;
function isDeploymentName(text) {
  return text.length <= DEPLOYMENT_NAME.longest && DEPLOYMENT_NAME.pattern.test(text);
}
function derivePreviewName(text) {
  if (isDeploymentName(text)) {
    return text;
  }
  if (text === "" || text.length > LONGEST_TEXT || new RegExp("\\p{Cc}", "u").test(text)) {
    return void 0;
  }
  const digest = (0,external_node_crypto_.createHash)("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);
  const words2 = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const readable = words2.join("-");
  const beginning = /^[a-z]/.test(readable) ? readable : `${PREFIX}${readable}`;
  return `${beginning.slice(0, DEPLOYMENT_NAME.longest - HASH_DIGITS - 1).replace(/-$/, "")}-${digest}`;
}
var PREVIEW_LABEL = "nats-cluster-action/preview";
var EXPIRY_ANNOTATION = "nats-cluster-action/expires";
var ORIGIN_ANNOTATION = "nats-cluster-action/preview-of";
function parseExpiry({ expires }) {
  const time = new Date(expires);
  return /^\d{4}-\d\d-\d\dT/.test(expires) && !Number.isNaN(time.getTime()) ? time : void 0;
}
function previewTitle({ namespace, name }) {
  return `${namespace}/${name}`;
}
function decidePruning(preview, { keep, now }) {
  const expiry = parseExpiry(preview);
  if (expiry === void 0) {
    return {
      kind: "stay",
      why: `its annotation ${EXPIRY_ANNOTATION} is not a valid time: ${JSON.stringify(preview.expires)}`
    };
  }
  const until = formatDate(expiry);
  if (expiry.getTime() <= now.getTime()) {
    return { kind: "prune", why: `it expired at ${until}` };
  }
  if (keep !== void 0 && !keep.includes(preview.name)) {
    return { kind: "prune", why: "it is not in `keep`" };
  }
  return { kind: "stay", why: `it expires at ${until}` };
}
function isRenewed(before, now) {
  return before.uid !== now.uid || before.expires !== now.expires;
}

// src/cluster/user.ts
var OWN_USER_PREFIX = "nats-cluster-action-";
var LONGEST_CLIENT_USER = 64 - "-999999".length;
function isGenerationOf(user, given) {
  return user === given || user.startsWith(`${given}-`) && /^\d+$/.test(user.slice(given.length + 1));
}

// src/cluster/names.ts
var INSTANCE_LABEL = "app.kubernetes.io/instance";
var MANAGER_LABEL = "app.kubernetes.io/managed-by";
var MANAGED_BY = "nats-cluster-action";
var FIELD_MANAGER = "nats-cluster-action";
function selectorLabels(name) {
  return {
    "app.kubernetes.io/name": "nats",
    [INSTANCE_LABEL]: name,
    "app.kubernetes.io/component": "server"
  };
}
function objectLabels(name) {
  return { ...selectorLabels(name), [MANAGER_LABEL]: MANAGED_BY };
}
var RENDERED_ANNOTATION = "nats-cluster-action/rendered";
var HELM = "Helm";
function labelSelector(name) {
  return formatSelector(objectLabels(name));
}
function nameSelector(name) {
  return formatSelector(selectorLabels(name));
}
function formatSelector(labels) {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(",");
}
var ORPHANED_ANNOTATION = "nats-cluster-action/left-by-statefulset";
function readServersBefore(pod) {
  const value = pod.annotations[ORPHANED_ANNOTATION] ?? "";
  return /^[1-9]\d{0,4}$/.test(value) ? Number(value) : void 0;
}
function isOrphaned({ annotations }) {
  return annotations[ORPHANED_ANNOTATION] !== void 0;
}
var SERVER_CONTAINER = "nats";
var MAX_SERVERS = 99;
function clusterNames(name) {
  return {
    service: name,
    headlessService: `${name}-headless`,
    statefulSet: name,
    podDisruptionBudget: name,
    networkPolicy: name,
    podMonitor: name,
    clientSecret: `${name}-client`,
    systemSecret: `${name}-system`,
    caSecret: `${name}-authorities`,
    serverTlsSecret: `tls-${name}-server`,
    clientTlsSecret: `tls-${name}-client`,
    routesTlsSecret: `tls-${name}-routes`,
    lease: `${name}-deploy`,
    previewLease: `${name}-preview`
  };
}
function configurationSecretName(name, generation) {
  return generation === 0 ? `${name}-config` : `${name}-config-${generation}`;
}
function isConfigurationSecretName(name, secret) {
  const generation = secret.slice(configurationSecretName(name, 0).length);
  return secret.startsWith(configurationSecretName(name, 0)) && /^(?:-\d+)?$/.test(generation);
}
function namedClientSecretName(name, client) {
  return `${clusterNames(name).clientTlsSecret}-${client}`;
}
function podName(name, ordinal) {
  return `${name}-${ordinal}`;
}
function podNames(spec) {
  return Array.from({ length: spec.replicas }, (_2, ordinal) => podName(spec.name, ordinal));
}
function parsePodOrdinal(name, candidate) {
  const suffix = candidate.startsWith(`${name}-`) ? candidate.slice(name.length + 1) : "";
  return /^(0|[1-9]\d{0,8})$/.test(suffix) ? Number(suffix) : void 0;
}
var TAKEN_OVER_ANNOTATION = "nats-cluster-action/taken-over";
function readTakeoverState({
  annotations
}) {
  const value = annotations[TAKEN_OVER_ANNOTATION];
  if (value === void 0) return void 0;
  return value === "joined" ? "joined" : "apart";
}
function selectByName(name, namespace) {
  return { fieldSelector: `metadata.name=${name}`, ...namespace === void 0 ? {} : { namespace } };
}

// src/cluster/owned-names.ts
var KINDS = [
  "Service",
  "Secret",
  "StatefulSet",
  "PodDisruptionBudget",
  "NetworkPolicy",
  "PodMonitor",
  "Lease",
  "Pod",
  "PersistentVolumeClaim"
];
var CLIENT = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
function isOwnedKind(kind) {
  return KINDS.some((known) => known === kind);
}
function canOwn(name, { kind, name: candidate }) {
  const names = clusterNames(name);
  switch (kind) {
    case "Service":
      return candidate === names.service || candidate === names.headlessService || isServer(name, candidate);
    case "Secret":
      return canOwnSecret(name, candidate);
    case "StatefulSet":
    case "PodDisruptionBudget":
    case "NetworkPolicy":
    case "PodMonitor":
      return candidate === name;
    case "Lease":
      return candidate === names.lease || candidate === names.previewLease;
    case "Pod":
      return isServer(name, candidate);
    case "PersistentVolumeClaim":
      return isClaim(name, candidate);
  }
}
function findSharedNames(one, other) {
  const shared = [
    ...listNames(one).filter((owned) => canOwn(other, owned)),
    ...listNames(other).filter((owned) => canOwn(one, owned))
  ];
  return [...new Map(shared.map((owned) => [`${owned.kind}/${owned.name}`, owned])).values()];
}
function findFreeName(name, others) {
  const stem = name.slice(0, DEPLOYMENT_NAME.longest - "-cluster".length).replace(/(?<!-)-+$/, "");
  const candidates = [`${stem}-cluster`, `cluster-${stem}`, `${stem}-x`, `x-${stem}`];
  return candidates.find(
    (candidate) => isDeploymentName(candidate) && [...others, name].every((other) => other !== candidate && findSharedNames(candidate, other).length === 0)
  );
}
function listNames(name) {
  const names = clusterNames(name);
  const services = [names.service, names.headlessService, podName(name, 0)];
  const secrets = [...listFixedSecrets(name), configurationSecretName(name, 1), namedClientSecretName(name, "x")];
  const single = [
    { kind: "StatefulSet", name: names.statefulSet },
    { kind: "PodDisruptionBudget", name: names.podDisruptionBudget },
    { kind: "NetworkPolicy", name: names.networkPolicy },
    { kind: "PodMonitor", name: names.podMonitor },
    { kind: "Lease", name: names.lease },
    { kind: "Lease", name: names.previewLease },
    { kind: "Pod", name: podName(name, 0) }
  ];
  return [
    ...services.map((service) => ({ kind: "Service", name: service })),
    ...secrets.map((secret) => ({ kind: "Secret", name: secret })),
    ...single
  ];
}
function listFixedSecrets(name) {
  const names = clusterNames(name);
  return [
    configurationSecretName(name, 0),
    names.clientSecret,
    names.systemSecret,
    names.caSecret,
    names.serverTlsSecret,
    names.clientTlsSecret,
    names.routesTlsSecret
  ];
}
function canOwnSecret(name, candidate) {
  const after = (prefix) => candidate.startsWith(prefix) ? candidate.slice(prefix.length) : "";
  return listFixedSecrets(name).includes(candidate) || /^[1-9]\d*$/.test(after(`${configurationSecretName(name, 0)}-`)) || CLIENT.test(after(namedClientSecretName(name, "")));
}
function isClaim(name, candidate) {
  const start = candidate.lastIndexOf(`-${name}-`);
  return start > 0 && isServer(name, candidate.slice(start + 1));
}
function isServer(name, candidate) {
  const ordinal = parsePodOrdinal(name, candidate);
  return ordinal !== void 0 && ordinal < MAX_SERVERS;
}

// src/nats/size-units.ts
var UNITS = { "": 1n, ...powers(1000n, [""]), ...powers(1024n, ["b", "i", "ib"]) };
function findSizeUnit(suffix) {
  const lower = suffix.toLowerCase();
  return Object.hasOwn(UNITS, lower) ? UNITS[lower] : void 0;
}
function powers(base, endings) {
  const letters = ["k", "m", "g", "t", "p", "e"];
  return Object.fromEntries(
    letters.flatMap((letter, index) => endings.map((ending) => [`${letter}${ending}`, base ** BigInt(index + 1)]))
  );
}

// src/inputs/grammar/row.ts
function accept(value) {
  return { kind: "accepted", value };
}
function refuse(fields = {}) {
  const { expected, suggestion } = fields;
  return {
    kind: "refused",
    ...expected === void 0 ? {} : { expected },
    ...suggestion === void 0 ? {} : { suggestion }
  };
}
var COMMANDS = ["deploy", "plan", "verify", "rotate", "delete", "prune", "render"];
var CLUSTER_COMMANDS = COMMANDS.filter((command) => command !== "render");
var DEPLOYING = ["deploy", "plan"];
var DESCRIBING_COMMANDS = [...DEPLOYING, "render"];
function defineRow(grammar, fields) {
  return {
    ...fields,
    grammar,
    // The default is parsed when it is needed, because a runner passes every default itself.
    get absent() {
      const parsed = grammar.parse(fields.default);
      if (parsed.kind === "accepted") return parsed.value;
      throw new TypeError(`default of input ${fields.name}: expected ${grammar.expected}`);
    }
  };
}
function defineOptionalRow(grammar, fields) {
  return { ...fields, default: "", grammar, absent: void 0 };
}
var OF_ONE_RUN = ["Target", "Rendering", "Previews", "Consent", "Waiting and report"];
function isKept({ commands: commands8, group: group12, grammar }) {
  const ofOneRun = OF_ONE_RUN.includes(group12);
  const ofOneMachine = group12 === "Configuration";
  return commands8.includes("deploy") && !ofOneRun && !ofOneMachine && grammar.secrets === void 0;
}

// src/inputs/grammar/number.ts
function integer(least, most) {
  return {
    expected: `a whole number from ${least} to ${most}`,
    example: String(least),
    typing: { type: "integer" },
    parse: (text) => {
      if (!/^[+-]?\d{1,15}$/.test(text)) {
        const digits = /^(\d{1,15})\.0+$/.exec(text)?.[1];
        return refuse({ suggestion: digits === void 0 ? void 0 : String(clamp(Number(digits), least, most)) });
      }
      const value = Number(text);
      const bounded = clamp(value, least, most);
      return value === bounded ? accept(value) : refuse({ suggestion: String(bounded) });
    }
  };
}
function size(leastBytes, mostBytes) {
  return {
    expected: `a size from ${leastBytes} to ${mostBytes} bytes, as \`65536\`, \`64KB\` (1024 bytes each) or \`1MB\``,
    example: String(leastBytes),
    typing: { type: "string" },
    parse: (text) => {
      const [, digits, suffix = ""] = /^(\d{1,12})\s*(?:([km](?:b|i|ib)?)|b)?$/i.exec(text) ?? [];
      const unit = findSizeUnit(suffix);
      if (digits === void 0 || unit === void 0) return refuse();
      const bytes = Number(digits) * Number(unit);
      const bounded = clamp(bytes, leastBytes, mostBytes);
      return bytes === bounded ? accept(bytes) : refuse({ suggestion: String(bounded) });
    }
  };
}
function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
var QUANTITY = /^(?<digits>\d{1,15}(?:\.\d{1,9})?|\.\d{1,9})(?<suffix>m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,2})?$/;
var FACTORS = /* @__PURE__ */ new Map([
  ["m", 1e-3],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
  ["P", 1e15],
  ["E", 1e18],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
  ["Pi", 2 ** 50],
  ["Ei", 2 ** 60]
]);
function parseQuantity(text) {
  const { digits, suffix = "" } = QUANTITY.exec(text)?.groups ?? {};
  if (digits === void 0) return void 0;
  if (/^[eE][+-]?\d/.test(suffix)) return Number(`${digits}${suffix}`);
  return Number(digits) * (FACTORS.get(suffix) ?? 1);
}

// src/pki/key-algorithm.ts


var KEY_ALGORITHMS = ["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072", "rsa-4096"];
var generateRsa = (0,external_node_util_.promisify)(external_node_crypto_.generateKeyPair);
async function generateKeyPair(algorithm) {
  switch (algorithm) {
    case "ecdsa-p256":
      return (0,external_node_crypto_.generateKeyPairSync)("ec", { namedCurve: "P-256" });
    case "ecdsa-p384":
      return (0,external_node_crypto_.generateKeyPairSync)("ec", { namedCurve: "P-384" });
    case "ed25519":
      return (0,external_node_crypto_.generateKeyPairSync)("ed25519");
    case "rsa-2048":
      return generateRsa("rsa", { modulusLength: 2048 });
    case "rsa-3072":
      return generateRsa("rsa", { modulusLength: 3072 });
    case "rsa-4096":
      return generateRsa("rsa", { modulusLength: 4096 });
  }
}
function describeKey(key) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "rsa") return `rsa-${details?.modulusLength ?? 0}`;
  if (type !== "ec") return type ?? "unknown";
  if (details?.namedCurve === "prime256v1") return "ecdsa-p256";
  if (details?.namedCurve === "secp384r1") return "ecdsa-p384";
  return `ecdsa-${details?.namedCurve ?? "unnamed"}`;
}
function findKeyAlgorithm(key) {
  const name = describeKey(key);
  return KEY_ALGORITHMS.find((algorithm) => algorithm === name);
}

// src/pki/ip-address.ts
var BYTE = /^(0|[1-9]\d{0,2})$/;
var GROUP = /^[0-9a-fA-F]{1,4}$/;
function parseIpv4(text) {
  const parts = text.split(".");
  const bytes = parts.filter((part) => BYTE.test(part)).map(Number);
  return parts.length === 4 && bytes.length === 4 && bytes.every((byte) => byte < 256) ? bytes : void 0;
}
function parseGroups(text, isTail) {
  if (text === "") return [];
  const parts = text.split(":");
  const bytes = parts.map((part, index) => {
    if (isTail && index === parts.length - 1 && part.includes(".")) return parseIpv4(part);
    const group12 = GROUP.test(part) ? Number.parseInt(part, 16) : void 0;
    return group12 === void 0 ? void 0 : [group12 >> 8, group12 & 255];
  });
  return bytes.includes(void 0) ? void 0 : bytes.flatMap((pair) => pair ?? []);
}
function encodeIpAddress(text) {
  if (text.length > 45) return void 0;
  const four = parseIpv4(text);
  if (four !== void 0) return Buffer.from(four);
  const [head = "", tail, ...more] = text.split("::");
  const before = parseGroups(head, tail === void 0);
  const after = parseGroups(tail ?? "", true);
  if (before === void 0 || after === void 0 || more.length > 0) return void 0;
  const zeros = 16 - before.length - after.length;
  if (tail === void 0 ? zeros !== 0 : zeros < 2) return void 0;
  return Buffer.from([...before, ...Array.from({ length: zeros }, () => 0), ...after]);
}
function decodeIpAddress(bytes) {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return void 0;
  const words2 = Array.from(
    { length: 8 },
    (_2, index) => ((bytes[2 * index] ?? 0) << 8 | (bytes[2 * index + 1] ?? 0)).toString(16)
  );
  const runs = words2.map((_2, start) => {
    const end = words2.findIndex((word, index) => index >= start && word !== "0");
    return { start, length: (end === -1 ? 8 : end) - start };
  });
  const longest = runs.reduce((best, run) => run.length > best.length ? run : best);
  if (longest.length < 2) return words2.join(":");
  return `${words2.slice(0, longest.start).join(":")}::${words2.slice(longest.start + longest.length).join(":")}`;
}
function canonicalizeIpAddress(text) {
  const bytes = encodeIpAddress(text);
  return bytes === void 0 ? void 0 : decodeIpAddress(bytes);
}
var LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
var DNS_NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);
function isDnsName(name) {
  return name.length <= 253 && DNS_NAME.test(name) && canonicalizeIpAddress(name) === void 0 && !/^[\d.]+$/.test(name);
}

// src/inputs/grammar/certificate.ts
var CERTIFICATE = /-----BEGIN CERTIFICATE-----\s*\n[A-Za-z0-9+/=][A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/;
var PRIVATE_KEY = /-----BEGIN (?<kind>EC |RSA |)PRIVATE KEY-----\s*\n[A-Za-z0-9+/=][A-Za-z0-9+/=\s]*-----END \k<kind>PRIVATE KEY-----/;
var ANY_PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;
var certificatePem = {
  expected: "certificates as PEM, each from its `-----BEGIN CERTIFICATE-----` to its `-----END CERTIFICATE-----` line",
  example: "",
  typing: { type: "string" },
  parse: (text) => {
    if (findPrivateKeys(text).length > 0) {
      return refuse({ expected: `${certificatePem.expected}, without the private key` });
    }
    return CERTIFICATE.test(text) ? accept(text) : refuse();
  },
  secrets: findPrivateKeys
};
var privateKeyPem = {
  expected: "one unencrypted private key as PEM, from its `-----BEGIN … PRIVATE KEY-----` to its END line",
  example: "",
  typing: { type: "string" },
  parse: (text) => PRIVATE_KEY.test(text) ? accept(text) : refuse(),
  secrets: (text) => [text]
};
function findPrivateKeys(text) {
  return text.match(ANY_PRIVATE_KEY) ?? [];
}
var MAX_NAMES = 100;
var subjectAltNames = {
  expected: `up to ${MAX_NAMES} DNS names (\`*\` only as the whole first label) or IP addresses, one a line or separated by commas`,
  example: "nats.example.com",
  typing: { type: "string" },
  parse: (text) => {
    const words2 = text.split(/[\s,]+/).filter((word) => word !== "");
    const names = /* @__PURE__ */ new Map();
    for (const word of words2) {
      const name = parseSubjectAltName(word);
      if (name === void 0) return refuse({ expected: describeExpected(word), suggestion: repairNames(words2) });
      names.set(name.value, name);
    }
    if (names.size === 0 || names.size > MAX_NAMES) return refuse();
    return accept({ dnsNames: selectNames("dns", names), ipAddresses: selectNames("ip", names) });
  }
};
function selectNames(kind, names) {
  return [...names.values()].filter((name) => name.kind === kind).map(({ value }) => value);
}
function parseSubjectAltName(word) {
  const value = word.toLowerCase();
  if (canonicalizeIpAddress(value) !== void 0) return { kind: "ip", value };
  return isDnsName(value) ? { kind: "dns", value } : void 0;
}
function describeExpected(word) {
  const why = word.includes("_") ? ": no certificate can hold a DNS name with `_`" : "";
  return `DNS names (\`*\` only as the whole first label) or IP addresses; ${JSON.stringify(word.slice(0, 80))} is neither${why}`;
}
function repairNames(words2) {
  const hosts = words2.map(
    (word) => parseSubjectAltName(word) === void 0 ? word.replace(/^[a-z]+:\/\//i, "").replace(/[/?#].*/, "").replace(/^\[(.*)\](?::\d+)?$/, "$1").replace(/^([^:]*):\d+$/, "$1").replace(/\.$/, "") : word
  );
  return hosts.every((host) => parseSubjectAltName(host) !== void 0) ? hosts.join(", ") : void 0;
}

// src/inputs/grammar/choice.ts
function choice(words2) {
  return {
    expected: words2.length === 1 ? `\`${words2[0]}\`` : `one of ${words2.map((word) => `\`${word}\``).join(", ")}`,
    example: words2[0],
    typing: { type: "enum", values: words2 },
    parse: (text) => {
      const word = words2.find((candidate) => candidate === text);
      return word === void 0 ? refuse({ suggestion: findClosest(text, words2) }) : accept(word);
    }
  };
}
var TRUE = ["true", "True", "TRUE"];
var FALSE = ["false", "False", "FALSE"];
var MEANS_TRUE = ["yes", "y", "on", "1", "enabled"];
var MEANS_FALSE = ["no", "n", "off", "0", "disabled"];
var chunk_boolean = {
  expected: "`true` or `false`",
  example: "true",
  typing: { type: "boolean" },
  parse: (text) => {
    if (TRUE.includes(text)) return accept(true);
    if (FALSE.includes(text)) return accept(false);
    const word = text.toLowerCase();
    if (MEANS_TRUE.includes(word)) return refuse({ suggestion: "true" });
    if (MEANS_FALSE.includes(word)) return refuse({ suggestion: "false" });
    return refuse({ suggestion: findClosest(word, ["true", "false"]) });
  }
};
var MAX_ITEMS = 100;
function list(item) {
  const expected = `${item.expected}; several are separated by commas or line breaks, at most ${MAX_ITEMS}`;
  return {
    expected,
    example: item.example,
    typing: { type: "list", separator: ",", item: item.typing },
    parse: (text) => {
      const items = /* @__PURE__ */ new Set();
      for (const word of splitWords(text, /[,\n]/)) {
        const parsed = item.parse(word);
        if (parsed.kind === "refused") {
          const got = JSON.stringify(word.slice(0, 80));
          return refuse({ expected: `${expected}; ${got} is invalid`, suggestion: repairList(text, item) });
        }
        items.add(parsed.value);
      }
      return items.size === 0 || items.size > MAX_ITEMS ? refuse() : accept([...items]);
    }
  };
}
function splitWords(text, separator) {
  return text.split(separator).map((word) => word.trim()).filter((word) => word !== "");
}
function repairList(text, item) {
  const items = /* @__PURE__ */ new Set();
  const words2 = new Set(splitWords(text, /[\s,;]+/));
  if (words2.size > MAX_ITEMS) return void 0;
  for (const word of words2) {
    const parsed = item.parse(word);
    const meant = parsed.kind === "accepted" ? parsed.value : parsed.suggestion;
    if (meant === void 0) return void 0;
    items.add(meant);
  }
  return items.size === 0 ? void 0 : [...items].join(", ");
}

// src/inputs/grammar/duration.ts
var SECOND_MS = 1e3;
var MINUTE_MS = 60 * SECOND_MS;
var HOUR_MS2 = 60 * MINUTE_MS;
var DAY_MS2 = 24 * HOUR_MS2;
var UNITS2 = [
  { letter: "d", ms: DAY_MS2 },
  { letter: "h", ms: HOUR_MS2 },
  { letter: "m", ms: MINUTE_MS },
  { letter: "s", ms: SECOND_MS }
];
var WORDS = [
  { pattern: /^(?:|s|secs?|seconds?)$/, ms: SECOND_MS },
  { pattern: /^(?:m|mins?|minutes?)$/, ms: MINUTE_MS },
  { pattern: /^(?:h|hrs?|hours?)$/, ms: HOUR_MS2 },
  { pattern: /^(?:d|days?)$/, ms: DAY_MS2 },
  { pattern: /^(?:w|weeks?)$/, ms: 7 * DAY_MS2 },
  { pattern: /^(?:y|years?)$/, ms: 365 * DAY_MS2 },
  { pattern: /^(?:ms|milliseconds?)$/, ms: 1 }
];
function duration(least, most) {
  const leastMs = parseDuration(least) ?? 0;
  const mostMs = parseDuration(most) ?? Number.MAX_SAFE_INTEGER;
  return {
    expected: `a duration from ${least} to ${most}, as \`30s\`, \`10m\`, \`12h\` or \`90d\``,
    example: least,
    typing: { type: "string" },
    parse: (text) => {
      const ms = parseDuration(text);
      const meantMs = ms ?? guessDuration(text);
      if (meantMs === void 0) return refuse();
      const boundedMs = Math.min(Math.max(meantMs, leastMs), mostMs);
      return ms === boundedMs ? accept(ms) : refuse({ suggestion: formatDuration(boundedMs) });
    }
  };
}
function formatDuration(ms) {
  const wholeMs = Math.ceil(ms / SECOND_MS) * SECOND_MS;
  const unit = UNITS2.find((candidate) => wholeMs > 0 && wholeMs % candidate.ms === 0);
  return unit === void 0 ? "0s" : `${wholeMs / unit.ms}${unit.letter}`;
}
function parseDuration(text) {
  const [, digits, letter] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const unit = UNITS2.find((candidate) => candidate.letter === letter);
  return digits === void 0 || unit === void 0 ? void 0 : Number(digits) * unit.ms;
}
function guessDuration(text) {
  if (text.length > 40 || !/^\d[\d.\sa-z]*$/i.test(text)) return void 0;
  let sumMs = 0;
  for (const [, digits, word] of text.matchAll(/(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]*)/gi)) {
    const unitMs = WORDS.find(({ pattern }) => pattern.test((word ?? "").toLowerCase()))?.ms;
    if (unitMs === void 0) return void 0;
    sumMs += Number(digits) * unitMs;
  }
  return sumMs;
}

// src/inputs/grammar/kubernetes-name.ts
var namespaceName = makeName({
  pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  longest: 63,
  first: "a letter or digit",
  example: "messaging"
});
var deploymentName = makeName({
  ...DEPLOYMENT_NAME,
  first: "a letter",
  example: "nats"
});
var clientName = makeName({
  pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  longest: 40,
  first: "a letter or digit",
  reserved: OWN_USER_PREFIX,
  example: "orders"
});
var secretName = makeSubdomain("a Secret", "nats-server-tls");
var pullSecretName = makeSubdomain("a Secret", "registry-credentials");
var storageClassName = makeSubdomain("a StorageClass", "fast-ssd");
function makeSubdomain(kind, example) {
  return {
    expected: `the name of ${kind}: at most 253 lower-case letters, digits, hyphens and dots`,
    example,
    typing: { type: "string" },
    parse: (text) => {
      if (isSubdomain(text)) return accept(text);
      const lower = text.length > 253 ? "" : text.toLowerCase().replaceAll("_", "-");
      return refuse({ suggestion: isSubdomain(lower) ? lower : void 0 });
    }
  };
}
function isSubdomain(text) {
  return text.length <= 253 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(text);
}
var contextName = {
  expected: "the name of a context of the kubeconfig, on one line",
  example: "staging",
  typing: { type: "string" },
  parse: (text) => /^[^\p{Cc}]{1,253}$/u.test(text) ? accept(text) : refuse()
};
function makeName({ pattern, longest, first, reserved, example }) {
  const isReserved = (text) => reserved !== void 0 && text.startsWith(reserved);
  const valid = (text) => text.length <= longest && pattern.test(text) && !isReserved(text);
  const but = reserved === void 0 ? "" : `, but not with \`${reserved}\``;
  return {
    expected: `at most ${longest} lower-case letters, digits and hyphens, beginning with ${first}${but}, not ending with a hyphen`,
    example,
    typing: { type: "string" },
    parse: (text) => {
      if (valid(text)) return accept(text);
      const repaired = text.slice(0, 1e3).toLowerCase().replaceAll(/[^a-z0-9-]+/g, "-").replace(/^-+/, "").slice(0, longest).replace(/(?<!-)-+$/, "");
      return refuse({ suggestion: valid(repaired) ? repaired : void 0 });
    }
  };
}
function isVariableName(text) {
  return /^\$(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\(\w+\))$/.test(text);
}

// src/inputs/rows/certificates.ts
var group = "Certificates";
var issuers = [...DESCRIBING_COMMANDS, "rotate"];
var certificateRows = {
  keyAlgorithm: defineRow(choice(KEY_ALGORITHMS), {
    name: "key-algorithm",
    group,
    description: "Algorithm of every generated key.",
    default: "ecdsa-p256",
    commands: issuers
  }),
  certificateValidity: defineRow(duration("10m", "3650d"), {
    name: "certificate-validity",
    group,
    description: "How long a server, route or client certificate is valid; at most `ca-validity`.",
    default: "90d",
    commands: issuers
  }),
  caValidity: defineRow(duration("1h", "18250d"), {
    name: "ca-validity",
    group,
    description: "How long a generated CA is valid. The default is five years.",
    default: "1825d",
    commands: issuers
  }),
  renewBefore: defineRow(duration("1m", "3650d"), {
    name: "renew-before",
    group,
    description: "Renew certificates this long before they expire; less than `certificate-validity`. `verify` fails when less than half of it remains.",
    default: "30d",
    commands: [...DESCRIBING_COMMANDS, "verify", "rotate"]
  }),
  caOverlap: defineRow(duration("0s", "365d"), {
    name: "ca-overlap",
    group,
    description: "How long clients may still use the old CA or the old client user after a rotation.",
    guide: "docs/certificates.md#rotation-without-a-restart",
    default: "7d",
    commands: issuers
  }),
  caCertificate: defineOptionalRow(certificatePem, {
    name: "ca-certificate",
    group,
    description: "Your own CA for server and client certificates, as a PEM chain with the signing CA first. Only runs that issue a certificate need it.",
    unset: "a generated CA, stored in the Kubernetes cluster",
    required: "together with `ca-private-key`",
    guide: "docs/certificates.md",
    commands: issuers
  }),
  caPrivateKey: defineOptionalRow(privateKeyPem, {
    name: "ca-private-key",
    group,
    description: "Private key of `ca-certificate`. It is never stored in the Kubernetes cluster.",
    required: "together with `ca-certificate`",
    commands: issuers
  }),
  subjectAltNames: defineOptionalRow(subjectAltNames, {
    name: "subject-alt-names",
    group,
    description: "Additional DNS names and IP addresses for the server certificate.",
    unset: "no additional names",
    commands: DESCRIBING_COMMANDS
  }),
  clientVerify: defineRow(choice(["none", "verify", "verify-and-map"]), {
    name: "client-verify",
    group,
    description: "Whether clients must present a certificate: no (`none`), in addition to a password (`verify`), or instead of it, with the common name as user name (`verify-and-map`).",
    default: "none",
    commands: DESCRIBING_COMMANDS
  }),
  clientCertificates: defineOptionalRow(list(clientName), {
    name: "client-certificates",
    group,
    description: "Names of clients. Each gets a certificate in a Secret of its own.",
    unset: "no client certificates",
    guide: "docs/certificates.md#clients-with-certificates",
    commands: DESCRIBING_COMMANDS
  }),
  serverTlsSecret: defineOptionalRow(secretName, {
    name: "server-tls-secret",
    group,
    description: "Secret with your own server certificate (`tls.crt`, `tls.key`, `ca.crt`). The action checks it and never writes it.",
    unset: "the certificate is generated",
    commands: DESCRIBING_COMMANDS
  }),
  routeTlsSecret: defineOptionalRow(secretName, {
    name: "route-tls-secret",
    group,
    description: "Secret with your own route certificate (`tls.crt`, `tls.key`, `ca.crt`). The action checks it and never writes it.",
    unset: "the certificates are generated",
    commands: DESCRIBING_COMMANDS
  })
};
function readIssuance(valueOf) {
  const certificate = valueOf(certificateRows.caCertificate);
  const privateKey = valueOf(certificateRows.caPrivateKey);
  return {
    keyAlgorithm: valueOf(certificateRows.keyAlgorithm),
    certificateValidityMs: valueOf(certificateRows.certificateValidity),
    caValidityMs: valueOf(certificateRows.caValidity),
    caOverlapMs: valueOf(certificateRows.caOverlap),
    /**
     * The PEM text of the user's own CA; its private key is a secret. It is a contradiction if only one of the two
     * inputs is set.
     */
    ca: certificate === void 0 || privateKey === void 0 ? void 0 : { certificate, privateKey },
    ...readRenewal(valueOf)
  };
}
function readRenewal(valueOf) {
  return { renewBeforeMs: valueOf(certificateRows.renewBefore) };
}
function readCertificates(valueOf) {
  return {
    subjectAltNames: valueOf(certificateRows.subjectAltNames) ?? { dnsNames: [], ipAddresses: [] },
    clientVerify: valueOf(certificateRows.clientVerify),
    clientCertificates: valueOf(certificateRows.clientCertificates) ?? [],
    serverTlsSecret: valueOf(certificateRows.serverTlsSecret),
    routeTlsSecret: valueOf(certificateRows.routeTlsSecret)
  };
}

// src/objects/json.ts
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function recordOf(value) {
  return isRecord(value) ? value : {};
}
function listOf(value) {
  return Array.isArray(value) ? value : [];
}
function recordsOf(value) {
  return listOf(value).filter(isRecord);
}
function textOf(value) {
  return typeof value === "string" ? value : void 0;
}
function textsOf(value) {
  return listOf(value).filter((item) => typeof item === "string");
}
function integerOf(value) {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : void 0;
}
function textMapOf(value) {
  const entries = Object.entries(recordOf(value)).filter(
    (entry) => typeof entry[1] === "string"
  );
  return Object.fromEntries(entries);
}
function memberOf(record, key) {
  return Object.hasOwn(record, key) ? record[key] : void 0;
}
function parseJson(text, otherwise) {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
function valueAt(value, ...fields) {
  return fields.reduce((inner, field) => isRecord(inner) ? memberOf(inner, field) : void 0, value);
}
function recordAt(value, ...fields) {
  return recordOf(valueAt(value, ...fields));
}
function recordsAt(value, ...fields) {
  const list3 = valueAt(value, ...fields);
  return Array.isArray(list3) ? list3.filter(isRecord) : [];
}

// src/inputs/grammar/yaml.ts
var import_yaml = __toESM(require_dist(), 1);
var YamlProblem = class extends Error {
};
var MAX_DEPTH = 200;
var MIN_PARTS = 12e3;
var CHARACTERS_OF_PART = 4;
function readYaml(text, { maxAliasCount, merge = false }) {
  try {
    const lineCounter = new import_yaml.LineCounter();
    const document = parseYaml(text, { lineCounter, merge, uniqueKeys: false });
    const [error] = document.errors;
    if (error !== void 0) throw new YamlProblem(`line ${lineCounter.linePos(error.pos[0]).line}: ${error.code}`);
    (0, import_yaml.visit)(document, { Map: (_2, map) => requireUniqueKeys(map) });
    const value = document.toJS({ maxAliasCount });
    requireWellFormed(value);
    return value;
  } catch (error) {
    if (error instanceof YamlProblem) throw error;
    throw new YamlProblem("an alias without an anchor, too many aliases, or too deep nesting");
  }
}
function parseYaml(text, options) {
  requireBounded(text);
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return (0, import_yaml.parseDocument)(text, { ...options, logLevel: "error", prettyErrors: false });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
function requireBounded(text) {
  const mostParts = MIN_PARTS + Math.floor(text.length / CHARACTERS_OF_PART);
  let [parts, depth] = [0, 0];
  for (const part of new import_yaml.Lexer().lex(text)) {
    parts += 1;
    if (part === "[" || part === "{") depth += 1;
    if (part === "]" || part === "}") depth -= 1;
    if (depth > MAX_DEPTH) throw new YamlProblem(`more than ${MAX_DEPTH} brackets within one another`);
    if (parts > mostParts)
      throw new YamlProblem(`more than ${mostParts} keys, values, signs, indents and ends of lines`);
  }
}
function requireUniqueKeys(map) {
  const known = /* @__PURE__ */ new Set();
  for (const item of (0, import_yaml.isMap)(map) ? map.items : []) {
    const key = (0, import_yaml.isPair)(item) && (0, import_yaml.isScalar)(item.key) ? item.key.value : item;
    if (known.has(key)) throw new YamlProblem("a duplicate key");
    known.add(key);
  }
}
function requireWellFormed(value) {
  const seen = /* @__PURE__ */ new Set();
  const look = (part) => {
    if (typeof part === "string" && !part.isWellFormed()) throw new YamlProblem("half of a surrogate pair");
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    for (const [key, inner] of Object.entries(part)) {
      look(key);
      look(inner);
    }
  };
  look(value);
}

// src/inputs/grammar/shape.ts
var ShapeProblem = class extends Error {
};
function createShapeParser(read2, mostCharacters = Number.POSITIVE_INFINITY) {
  let last;
  return (text) => {
    if (last?.text !== text) last = { text, parsed: parseShape(text, read2, mostCharacters) };
    return last.parsed;
  };
}
function parseShape(text, read2, mostCharacters) {
  try {
    if (text.length > mostCharacters) throw new ShapeProblem(`at most ${mostCharacters} characters`);
    return accept(read2(readShapeYaml(text)));
  } catch (error) {
    if (error instanceof ShapeProblem) return refuse({ expected: error.message });
    throw error;
  }
}
function readShapeYaml(text) {
  try {
    return readYaml(text, { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof YamlProblem) throw new ShapeProblem(`valid YAML (${error.message})`);
    throw error;
  }
}
function requireItems(value, where, most) {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) {
    throw new ShapeProblem(`${where} to be a list of 1 to ${most} items`);
  }
  return value;
}
function requireFields(value, where, keys) {
  return new Map(
    Object.entries(requireMapping(value, where)).map(([written, field]) => {
      const key = keys.find((candidate) => candidate === written);
      if (key === void 0) throw new ShapeProblem(describeUnknownKey(written, where, keys));
      return [key, field];
    })
  );
}
function requireMapping(value, where) {
  if (isRecord(value)) return value;
  throw new ShapeProblem(`${where} to be a mapping`);
}
function requireText(value, where) {
  if (typeof value === "string") return value;
  const isBare = typeof value === "number" || typeof value === "boolean";
  throw new ShapeProblem(`${where} to be text${isBare ? ": put it in quotes" : ""}`);
}
function describeUnknownKey(written, where, keys) {
  const meant = findClosest(written.slice(0, 100), keys);
  const known = keys.map((key) => `\`${key}\``).join(", ");
  return `only ${known} in ${where}${meant === void 0 ? "" : ` (did you mean \`${meant}\`?)`}`;
}

// src/inputs/grammar/overrides.ts
var MAX_CHARACTERS = 32768;
var MAX_DEPTH2 = 40;
var KINDS2 = ["StatefulSet", "Service", "Secret", "PodDisruptionBudget", "NetworkPolicy", "PodMonitor"];
var IDENTITY = ["apiVersion", "kind", "status"];
var overrideList = {
  expected: "a YAML mapping of objects to merge patches, as `StatefulSet/servers: {spec: {template: {spec: {nodeSelector: {disk: ssd}}}}}`",
  example: "StatefulSet/servers: {spec: {template: {spec: {nodeSelector: {disk: ssd}}}}}",
  typing: { type: "string" },
  parse: createShapeParser(readOverrides, MAX_CHARACTERS)
};
function readOverrides(value) {
  return Object.entries(requireMapping(value, "the overrides")).map(([target2, patch]) => {
    const where = `\`${target2.slice(0, 100)}\``;
    const { kind, role } = readTarget(target2, where);
    requireJson(patch, where, 0);
    const fields = requireMapping(patch, where);
    requirePatchable(kind, fields, where);
    return { kind, role, patch: fields };
  });
}
function readTarget(target2, where) {
  const [written = "", role = "", ...more] = target2.split("/");
  const kind = KINDS2.find((one) => one === written);
  if (kind === void 0) {
    const meant = findClosest(written.slice(0, 100), KINDS2);
    const hint = meant === void 0 ? "" : ` (did you mean \`${meant}\`?)`;
    throw new ShapeProblem(`${where} to begin with one of ${KINDS2.join(", ")}${hint}`);
  }
  if (more.length > 0 || !/^[a-z0-9][a-z0-9.-]{0,252}$/.test(role)) {
    throw new ShapeProblem(`${where} to be a kind, a slash, and the role of the object, its name, or \`all\``);
  }
  return { kind, role };
}
function requirePatchable(kind, patch, where) {
  const identity = IDENTITY.find((field) => Object.hasOwn(patch, field));
  if (identity !== void 0) throw new ShapeProblem(`no \`${identity}\` in ${where}`);
  const other = Object.keys(patch).find((field) => field !== "metadata");
  if (kind === "Secret" && other !== void 0) {
    throw new ShapeProblem(`only \`metadata\` in ${where}: the content of a Secret cannot be patched`);
  }
  if (!Object.hasOwn(patch, "metadata")) return;
  const fields = Object.entries(requireMapping(patch["metadata"], `\`metadata\` of ${where}`));
  for (const [field, entries] of fields) {
    if (field !== "labels" && field !== "annotations") {
      throw new ShapeProblem(`only \`labels\` and \`annotations\` in \`metadata\` of ${where}`);
    }
    for (const [key, value] of Object.entries(requireMapping(entries, `\`${field}\` of ${where}`))) {
      if (value !== null && typeof value !== "string") {
        throw new ShapeProblem(`\`${key.slice(0, 100)}\` of \`${field}\` in ${where} to be text: put it in quotes`);
      }
    }
  }
}
function requireJson(value, where, depth) {
  if (depth > MAX_DEPTH2) throw new ShapeProblem(`at most ${MAX_DEPTH2} levels in ${where}`);
  if (Array.isArray(value)) {
    value.forEach((item) => requireJson(item, where, depth + 1));
  } else if (isRecord(value)) {
    Object.values(value).forEach((item) => requireJson(item, where, depth + 1));
  } else if (value !== null && !["string", "boolean"].includes(typeof value) && !Number.isFinite(value)) {
    throw new ShapeProblem(`text, numbers, \`true\`, \`false\` or \`null\` in ${where}`);
  }
}

// src/inputs/grammar/resources.ts
var SECTIONS = ["requests", "limits"];
var RESOURCES = ["cpu", "memory", "ephemeral-storage"];
var resources = {
  expected: "YAML as `{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}`",
  example: "{requests: {cpu: 100m, memory: 128Mi}}",
  typing: { type: "string" },
  parse: createShapeParser(readResources)
};
function readResources(value) {
  const sections = requireFields(value, "`resources`", SECTIONS);
  const requests = readQuantities(sections, "requests");
  const limits = readQuantities(sections, "limits");
  requireOrder(requests, limits);
  return { requests, limits };
}
function readQuantities(sections, section) {
  if (!sections.has(section)) return {};
  const quantities = {};
  for (const [resource, amount] of requireFields(sections.get(section), `\`${section}\``, RESOURCES)) {
    const text = typeof amount === "number" || typeof amount === "string" ? String(amount) : "";
    if (parseQuantity(text) === void 0) {
      throw new ShapeProblem(`\`${section}.${resource}\` as a Kubernetes quantity, for example \`500m\` or \`256Mi\``);
    }
    quantities[resource] = text;
  }
  return quantities;
}
function requireOrder(requests, limits) {
  for (const resource of RESOURCES) {
    const request = parseQuantity(requests[resource] ?? "");
    const limit = parseQuantity(limits[resource] ?? "");
    if (request !== void 0 && limit !== void 0 && request > limit) {
      throw new ShapeProblem(
        `\`requests.${resource}\` (${requests[resource]}) at most \`limits.${resource}\` (${limits[resource]})`
      );
    }
  }
}

// src/inputs/rows/cluster.ts
var COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
var DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
var DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?`;
var REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?(?<path>${COMPONENT}(?:/${COMPONENT})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$`
);
var imageReference = {
  expected: "an image reference, as `nats:2.15.2`, `ghcr.io/team/nats:2.15.2` or `nats@sha256:` and 64 hex digits",
  example: "nats:2.15.2",
  typing: { type: "string" },
  parse: (text) => {
    if (isReference(text)) return accept(text);
    const repaired = text.slice(0, 512).replace(/^(?:https?|docker):\/\//i, "").replaceAll(/\s+/g, "");
    return refuse({ suggestion: [repaired, repaired.toLowerCase()].find(isReference) });
  }
};
function isReference(text) {
  return text.length <= 512 && REFERENCE.test(text);
}
var group2 = "Cluster";
var commands = DESCRIBING_COMMANDS;
var clusterRows = {
  replicas: defineRow(integer(1, MAX_SERVERS), {
    name: "replicas",
    group: group2,
    description: "Number of servers. A single server has no routes.",
    default: "3",
    commands
  }),
  image: defineOptionalRow(imageReference, {
    name: "image",
    group: group2,
    description: "Image of nats-server, release 2.10 or newer.",
    unset: "the image that runs; `nats:2.15.2` for a new NATS cluster",
    commands
  }),
  imagePullSecrets: defineOptionalRow(list(pullSecretName), {
    name: "image-pull-secrets",
    group: group2,
    description: "Names of Secrets in the namespace with credentials for private registries (type `kubernetes.io/dockerconfigjson`). They also pull the image of `metrics`.",
    unset: "no Secrets; the service account of the pods may name some",
    guide: "docs/operations/registries.md",
    commands
  }),
  antiAffinity: defineRow(choice(["required", "preferred", "none"]), {
    name: "anti-affinity",
    group: group2,
    description: "Whether servers may share a node: never (`required`), only if necessary (`preferred`), or always (`none`). `required` needs one schedulable node for each server.",
    default: "required",
    commands
  }),
  resources: defineRow(resources, {
    name: "resources",
    group: group2,
    description: "Requests and limits of each server as YAML: `cpu`, `memory`, `ephemeral-storage`. `GOMEMLIMIT` is set only if `limits.memory` is.",
    default: "{requests: {cpu: 100m, memory: 128Mi}}",
    commands
  }),
  serviceType: defineRow(choice(["ClusterIP", "NodePort", "LoadBalancer"]), {
    name: "service-type",
    group: group2,
    description: "Type of the Service for clients. Its external addresses are added to the server certificate and used for output `url`: those of the load balancer (waited for up to 90 s), or with `NodePort` those of the nodes, if the credentials may list nodes.",
    default: "ClusterIP",
    commands
  }),
  securityContext: defineRow(choice(["restricted", "platform"]), {
    name: "security-context",
    group: group2,
    description: "Security context of the pods: PodSecurity `restricted` with fixed user and group ids, or ids that the `platform` assigns (OpenShift).",
    default: "restricted",
    commands
  }),
  networkPolicy: defineRow(chunk_boolean, {
    name: "network-policy",
    group: group2,
    description: "Create a NetworkPolicy. It allows all traffic to the client port (4222) and, with `metrics`, to the exporter (7777). It allows only the servers on the route port (6222), and no traffic to the monitoring port (8222).",
    default: "false",
    commands
  }),
  metrics: defineRow(chunk_boolean, {
    name: "metrics",
    group: group2,
    description: "Run a Prometheus exporter next to each server, on port 7777, and create a PodMonitor if the CRD is installed.",
    default: "false",
    commands
  }),
  overrides: defineOptionalRow(overrideList, {
    name: "overrides",
    group: group2,
    description: "Merge patches for the rendered objects, as a YAML mapping from `Kind/role` to patch. Fields that the action relies on cannot be overridden.",
    unset: "no patches",
    guide: "docs/from-helm.md#overrides",
    commands
  })
};
function readCluster(valueOf) {
  return {
    replicas: valueOf(clusterRows.replicas),
    image: valueOf(clusterRows.image),
    imagePullSecrets: valueOf(clusterRows.imagePullSecrets) ?? [],
    antiAffinity: valueOf(clusterRows.antiAffinity),
    resources: valueOf(clusterRows.resources),
    serviceType: valueOf(clusterRows.serviceType),
    securityContext: valueOf(clusterRows.securityContext),
    networkPolicy: valueOf(clusterRows.networkPolicy),
    metrics: valueOf(clusterRows.metrics),
    overrides: valueOf(clusterRows.overrides) ?? []
  };
}

// src/nats/jwt/user-credentials.ts

var PUBLIC_PREFIX = { user: 20 << 3, account: 0 };
var SEED_PREFIX = 18 << 3;
var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
var PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
function isPublicKey(kind, text) {
  return decodeKey(text, 33)?.[0] === PUBLIC_PREFIX[kind];
}
function derivePublicKey(seed) {
  const bytes = decodeKey(seed, 34);
  const [first, second] = bytes ?? [];
  const isUser2 = first === (SEED_PREFIX | PUBLIC_PREFIX.user >> 5) && second === (PUBLIC_PREFIX.user & 31) << 3;
  if (bytes === void 0 || !isUser2) return void 0;
  const key = Buffer.concat([PKCS8_ED25519, bytes.subarray(2)]);
  const spki = (0,external_node_crypto_.createPublicKey)((0,external_node_crypto_.createPrivateKey)({ key, format: "der", type: "pkcs8" }));
  const raw = spki.export({ format: "der", type: "spki" }).subarray(-32);
  return encodeKey(Buffer.concat([Buffer.from([PUBLIC_PREFIX.user]), raw]));
}
function decodeKey(text, length) {
  if (!/^[A-Z2-7]{56,58}$/.test(text)) return void 0;
  const bits = Array.from(text, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
  const content = bytes.subarray(0, -2);
  return content.length === length && encodeKey(content) === text ? content : void 0;
}
function encodeKey(content) {
  const end = Buffer.alloc(2);
  end.writeUInt16LE(computeChecksum(content));
  const bits = [...content, ...end].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}
function computeChecksum(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1 ^ ((crc & 32768) === 0 ? 0 : 4129)) & 65535;
  }
  return crc;
}
var MAX_CHARACTERS2 = 64 * 1024;
var JWT_PART = /(?<!-)-{3,} ?BEGIN NATS USER JWT ?-{3,}\s+(\S+)\s+-{3,} ?END NATS USER JWT ?-{3,}/;
var SEED_PART = /(?<!-)-{3,} ?BEGIN USER NKEY SEED ?-{3,}\s+(\S+)\s+-{3,} ?END USER NKEY SEED ?-{3,}/;
function readCredentials(text) {
  const known = text.length > MAX_CHARACTERS2 ? "" : text;
  const [jwt, seed] = [JWT_PART, SEED_PART].map((part) => part.exec(known)?.[1]);
  if (jwt === void 0 && seed === void 0)
    return reportLacking("a user JWT and its nkey seed, each between its BEGIN and its END line");
  if (jwt === void 0) return reportLacking("a user JWT between its BEGIN and its END line, next to the nkey seed");
  if (seed === void 0)
    return reportLacking("the nkey seed of the user between its BEGIN and its END line, next to the JWT");
  const claims = readClaims(jwt);
  const user = derivePublicKey(seed);
  if (claims === void 0) return reportLacking("a JWT of a user, signed by an account");
  if (user === void 0) return reportLacking("a complete nkey seed of a user (`SU…`)");
  if (user !== claims.user) return reportLacking("the nkey seed of the user that the JWT names");
  const { account, expiresAt } = claims;
  return { kind: "read", credentials: { jwt, seed, account, ...expiresAt === void 0 ? {} : { expiresAt } } };
}
function formatCredentials({ jwt, seed }) {
  const part = (name, value) => `-----BEGIN ${name}-----
${value}
------END ${name}------
`;
  return `${part("NATS USER JWT", jwt)}
${part("USER NKEY SEED", seed)}`;
}
function findCredentials(text) {
  return [
    ...text.match(/(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [],
    ...text.match(/\bS[A-Z][A-Z2-7]{40,}/g) ?? []
  ];
}
function readClaims(jwt) {
  const [header, body, signature, ...more] = jwt.split(".");
  const { alg } = decodeRecord(header);
  const { sub: user, iss: issuer, exp, nats } = decodeRecord(body);
  const { type, issuer_account: issuerAccount } = recordOf(nats);
  const account = issuerAccount === void 0 || issuerAccount === "" ? issuer : issuerAccount;
  const isSigned = signature !== void 0 && more.length === 0 && (alg === "ed25519-nkey" || alg === "ed25519");
  const isUser2 = (type === "user" || type === void 0) && typeof user === "string" && isPublicKey("user", user);
  const isIn = typeof account === "string" && isPublicKey("account", account);
  const expiry = readExpiry(exp);
  if (!isSigned || !isUser2 || !isIn || expiry === "unreadable") return void 0;
  return { user, account, expiresAt: expiry };
}
function readExpiry(exp) {
  if (exp === void 0 || exp === 0) return void 0;
  const date = new Date(typeof exp === "number" ? exp * 1e3 : Number.NaN);
  return Number.isNaN(date.getTime()) ? "unreadable" : date;
}
function decodeRecord(part) {
  try {
    return recordOf(JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8")));
  } catch {
    return {};
  }
}
function reportLacking(lacks) {
  return { kind: "unreadable", lacks };
}

// src/inputs/grammar/credential.ts
var clientUserName = makeUserName(LONGEST_CLIENT_USER);
var routeUserName = makeUserName(64);
function makeUserName(longest) {
  const valid = (text) => text.length <= longest && /^[a-zA-Z0-9][\w.-]*$/.test(text) && !text.startsWith(OWN_USER_PREFIX);
  return {
    expected: `at most ${longest} letters, digits, \`_\`, \`-\` and \`.\`, beginning with a letter or digit, but not with \`${OWN_USER_PREFIX}\``,
    example: "app",
    typing: { type: "string" },
    parse: (text) => {
      if (valid(text)) return accept(text);
      const repaired = text.slice(0, longest).replaceAll(/[^\w.-]+/g, "_").replace(/^[_.-]+/, "");
      return refuse({ suggestion: valid(repaired) ? repaired : void 0 });
    }
  };
}
var PLAIN = "the password itself: nats-server treats a text that begins with `$2a$` as a bcrypt hash, and no client could log in with it";
var chunk_password = {
  expected: "the password itself (1 to 256 printable characters on one line, not a bcrypt hash)",
  example: "",
  typing: { type: "string" },
  parse: (text) => {
    if (/^\$2[abxy]?\$/.test(text)) return refuse({ expected: PLAIN });
    if (isVariableName(text))
      return refuse({
        expected: "the password itself, for example `${{ secrets.NAME }}`: a variable such as `$NAME` is not replaced"
      });
    return /^[^\p{Cc}]{1,256}$/u.test(text) ? accept(text) : refuse();
  },
  secrets: (text) => [text]
};
var credentialsFile = {
  expected: "the text of a .creds file: a user JWT and its nkey seed, each between its BEGIN and its END line",
  example: "",
  typing: { type: "string" },
  parse: (text) => {
    const read2 = readCredentials(text);
    return read2.kind === "read" ? accept(read2.credentials) : refuse({ expected: read2.lacks });
  },
  // In a complete file, only the JWT and the seed are secret. If the whole text were masked, the runner would also hide
  // its explanatory lines wherever they occur in the log.
  secrets: (text) => readCredentials(text).kind === "read" ? findCredentials(text) : [...findCredentials(text), text]
};

// src/inputs/grammar/users.ts
var MAX_USERS = 1e3;
var MAX_SUBJECTS = 1e3;
var BCRYPT = /^\$2[abxy]\$(?<cost>0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
var LOOKS_LIKE_BCRYPT = /^\$2[abxy]?\$/;
var PASSWORD_IN_TEXT = /["']?\bpassword["']?\s*:\s*(?:"(?<double>(?:[^"\\]|\\.)*)"?|'(?<single>(?:[^']|'')*)'?|(?<plain>[^\s,}#'"|>][^,}\n]*))/g;
var responseExpiry = duration("1s", "365d");
var userList = {
  expected: "a YAML list of users, as `- {user: orders, password: …, permissions: {publish: [orders.>], subscribe: {allow: [_INBOX.>], deny: [audit.>]}, allow_responses: true}}`",
  example: "",
  typing: { type: "string" },
  parse: createShapeParser(readUsers),
  secrets: findPasswords
};
function formatUsers(users) {
  const items = users.map(({ user, password: password2, permissions }) => {
    const { publish, subscribe, allowResponses } = permissions ?? {};
    const { max, expiresMs } = allowResponses ?? {};
    const expires = expiresMs === void 0 ? void 0 : formatDuration(expiresMs);
    const limits = max === void 0 && expires === void 0 ? true : { max, expires };
    const allowed = allowResponses === void 0 ? void 0 : limits;
    return { user, password: password2, permissions: permissions && { publish, subscribe, allow_responses: allowed } };
  });
  return JSON.stringify(items);
}
function parseBcryptCost(password2) {
  const { cost } = BCRYPT.exec(password2)?.groups ?? {};
  return cost === void 0 ? void 0 : Number(cost);
}
function readUsers(value) {
  const names = /* @__PURE__ */ new Map();
  return requireItems(value, "the users", MAX_USERS).map((item, index) => {
    const where = `user ${index + 1}`;
    const user = readUser(item, where);
    const first = names.get(user.user);
    if (first !== void 0) throw new ShapeProblem(`${where} to have another name than user ${first}`);
    names.set(user.user, index + 1);
    return user;
  });
}
function readUser(value, where) {
  const fields = requireFields(value, where, ["user", "password", "permissions"]);
  const user = requireText(fields.get("user"), `\`user\` of ${where}`);
  if (!/^[^\p{Cc}]{1,128}$/u.test(user) || user.trim() !== user) {
    throw new ShapeProblem(`\`user\` of ${where} to be 1 to 128 printable characters`);
  }
  if (user.startsWith(OWN_USER_PREFIX)) {
    throw new ShapeProblem(
      `\`user\` of ${where} not to begin with \`${OWN_USER_PREFIX}\`, which is reserved for users of this Action`
    );
  }
  const permissions = fields.get("permissions");
  return {
    user,
    ...fields.has("password") ? { password: readPassword(fields.get("password"), where) } : {},
    ...permissions === void 0 || permissions === null ? {} : { permissions: readPermissions(permissions, where) }
  };
}
function readPassword(value, where) {
  const password2 = requireText(value, `\`password\` of ${where}`);
  if (isVariableName(password2)) {
    throw new ShapeProblem(
      `\`password\` of ${where} to be the password itself, for example \`\${{ secrets.NAME }}\`: a variable such as \`$NAME\` is not replaced`
    );
  }
  if (LOOKS_LIKE_BCRYPT.test(password2) && !BCRYPT.test(password2)) {
    throw new ShapeProblem(
      `\`password\` of ${where} to be a complete bcrypt hash, or a password that does not begin like a bcrypt hash`
    );
  }
  if (!/^[^\p{Cc}]{1,256}$/u.test(password2)) {
    throw new ShapeProblem(`\`password\` of ${where} to be 1 to 256 printable characters on one line`);
  }
  return password2;
}
function readPermissions(value, where) {
  const inside = `the permissions of ${where}`;
  const fields = requireFields(value, inside, ["publish", "subscribe", "allow_responses"]);
  const [publish, subscribe] = [fields.get("publish"), fields.get("subscribe")];
  const allowResponses = readResponses(fields.get("allow_responses"), where);
  return {
    ...publish === void 0 ? {} : { publish: readRules(publish, `\`publish\` of ${where}`, false) },
    ...subscribe === void 0 ? {} : { subscribe: readRules(subscribe, `\`subscribe\` of ${where}`, true) },
    ...allowResponses === void 0 ? {} : { allowResponses }
  };
}
function readRules(value, where, mayQueue) {
  if (typeof value === "string" || Array.isArray(value)) return { allow: readSubjects(value, where, mayQueue) };
  const fields = requireFields(value, where, ["allow", "deny"]);
  if (fields.size === 0) throw new ShapeProblem(`\`allow\` or \`deny\` in ${where}`);
  return Object.fromEntries([...fields].map(([key, subjects]) => [key, readSubjects(subjects, where, mayQueue)]));
}
function readSubjects(value, where, mayQueue) {
  const items = typeof value === "string" ? [value] : requireItems(value, `the subjects in ${where}`, MAX_SUBJECTS);
  return items.map((item) => {
    const subject = requireText(item, `each subject in ${where}`);
    const [own = "", queue, ...more] = subject.split(" ");
    const isQueue = mayQueue && queue !== void 0 && isValidSubject(queue) && more.length === 0;
    if (!isValidSubject(own) || queue !== void 0 && !isQueue) {
      throw new ShapeProblem(`valid subjects in ${where}, as \`orders.*.new\` or \`orders.>\``);
    }
    return subject;
  });
}
function isValidSubject(subject) {
  const tokens = subject.split(".");
  return !/[\s\p{Cc}]/u.test(subject) && tokens.every((token, index) => token !== "" && (token !== ">" || index === tokens.length - 1));
}
function readResponses(value, where) {
  if (value === void 0 || value === null || value === false) return void 0;
  if (value === true) return {};
  const inside = `\`allow_responses\` of ${where}`;
  const fields = requireFields(value, inside, ["max", "expires"]);
  const max = fields.get("max");
  if (max !== void 0 && (typeof max !== "number" || !Number.isSafeInteger(max) || max === 0 || max < -1)) {
    throw new ShapeProblem(`\`max\` in ${inside} to be a whole number above 0, or -1 for any number`);
  }
  const expires = fields.get("expires");
  return {
    ...max === void 0 ? {} : { max },
    ...expires === void 0 ? {} : { expiresMs: readExpiry2(expires, inside) }
  };
}
function readExpiry2(value, where) {
  const parsed = responseExpiry.parse(requireText(value, `\`expires\` in ${where}`));
  if (parsed.kind === "refused") throw new ShapeProblem(`\`expires\` in ${where} to be ${responseExpiry.expected}`);
  return parsed.value;
}
function findPasswords(text) {
  const written = [...text.matchAll(PASSWORD_IN_TEXT)].flatMap(({ groups = {} }) => {
    const { double, single, plain } = groups;
    return [double, single?.replaceAll("''", "'"), plain?.replace(/(?<!\s)\s+#.*/, "").trimEnd()];
  });
  const parsed = userList.parse(text);
  const read2 = parsed.kind === "accepted" ? parsed.value.map(({ password: password2 }) => password2) : [];
  return [...new Set([...written, ...read2].flatMap((secret) => secret || []))];
}

// src/inputs/rows/credentials.ts
var group3 = "Credentials";
var commands2 = [...DESCRIBING_COMMANDS, "rotate"];
var credentialRows = {
  clientUser: defineRow(clientUserName, {
    name: "client-user",
    group: group3,
    description: "User name of the applications.",
    default: "nats_client_user",
    commands: commands2
  }),
  clientPassword: defineOptionalRow(chunk_password, {
    name: "client-password",
    group: group3,
    description: "Password of the applications.",
    unset: "generated once, stored in the Kubernetes cluster, masked, reused",
    commands: commands2
  }),
  routeUser: defineRow(routeUserName, {
    name: "route-user",
    group: group3,
    description: "User name of the routes between the servers.",
    default: "nats_route_user",
    commands: commands2
  }),
  routePassword: defineOptionalRow(chunk_password, {
    name: "route-password",
    group: group3,
    description: "Password of the routes between the servers.",
    unset: "generated once, stored in the Kubernetes cluster, masked, reused",
    commands: commands2
  }),
  users: defineOptionalRow(userList, {
    name: "users",
    group: group3,
    description: "Additional users, as a YAML list, or as `{path: deploy/users.yaml}` for a file of the workspace with that list. Each has `user`, `password` (plain or bcrypt; optional with `verify-and-map`) and `permissions` (`publish`, `subscribe`: subjects, or `allow` and `deny`; `allow_responses`). Users that are missing from a later run are removed. One input can have 128 KiB.",
    unset: "no additional users",
    commands: DESCRIBING_COMMANDS
  }),
  systemCredentials: defineOptionalRow(credentialsFile, {
    name: "system-credentials",
    group: group3,
    description: "Text of a `.creds` file of a user in the system account, with which the action connects to the servers. It is stored in the Kubernetes cluster for `verify` and `rotate`.",
    unset: "a generated user of the system account",
    required: "if `config` has an `operator`, and refused otherwise",
    guide: "docs/configuration.md#operator-mode",
    commands: commands2
  })
};
function readCredentials2(valueOf) {
  return {
    clientUser: valueOf(credentialRows.clientUser),
    clientPassword: valueOf(credentialRows.clientPassword),
    routeUser: valueOf(credentialRows.routeUser),
    routePassword: valueOf(credentialRows.routePassword),
    systemCredentials: valueOf(credentialRows.systemCredentials)
  };
}
function readUsers2(valueOf) {
  return { users: valueOf(credentialRows.users) ?? [] };
}

// src/inputs/rows/jetstream.ts
var MIN_BYTES = 2 ** 20;
var MAX_BYTES = 2 ** 50;
var storeSize = {
  expected: "a Kubernetes quantity from `1Mi` to `1Pi`, or `0`",
  example: "20Gi",
  typing: { type: "string" },
  parse: (text) => {
    const bytes = parseBytes(text);
    if (bytes !== void 0 && isStorable(bytes)) return accept({ quantity: text, bytes });
    const meant = repairSize(text);
    return refuse({ suggestion: isStorable(parseBytes(meant) ?? -1) ? meant : void 0 });
  }
};
function isStorable(bytes) {
  return bytes === 0 || bytes >= MIN_BYTES && bytes <= MAX_BYTES;
}
function parseBytes(text) {
  const amount = parseQuantity(text);
  return amount === void 0 || !Number.isSafeInteger(amount) ? void 0 : amount;
}
function repairSize(text) {
  const [, digits = "", unit = ""] = /^(\d{1,6})\s*([kmgtp]?)i?b?$/i.exec(text) ?? [];
  return `${digits}${(unit || "G").toUpperCase()}i`;
}
var group4 = "JetStream";
var commands3 = DESCRIBING_COMMANDS;
var jetstreamRows = {
  jetstream: defineRow(chunk_boolean, {
    name: "jetstream",
    group: group4,
    description: "Run JetStream on every server. With several servers, the step also requires one meta leader that all servers name. JetStream cannot be enabled or disabled later.",
    default: "false",
    commands: commands3
  }),
  storage: defineRow(storeSize, {
    name: "jetstream-storage",
    group: group4,
    description: "Size of the volume of each server; 90 % of it is available to streams. `0` disables file storage: streams are kept in memory only. A volume can be added later, but its size cannot be changed.",
    default: "10Gi",
    commands: commands3
  }),
  storageClass: defineOptionalRow(storageClassName, {
    name: "jetstream-storage-class",
    group: group4,
    description: "Storage class of these volumes. It cannot be changed once volumes exist.",
    unset: "the default class of the Kubernetes cluster",
    commands: commands3
  }),
  memory: defineRow(storeSize, {
    name: "jetstream-memory",
    group: group4,
    description: "Memory for streams on each server; `0` means no streams in memory. It can only be raised later.",
    default: "0",
    commands: commands3
  })
};
function readJetstream(valueOf) {
  return {
    jetstream: valueOf(jetstreamRows.jetstream),
    jetstreamStorage: valueOf(jetstreamRows.storage),
    jetstreamStorageClass: valueOf(jetstreamRows.storageClass),
    jetstreamMemory: valueOf(jetstreamRows.memory)
  };
}

// src/inputs/grammar/kubeconfig.ts
var MAX_ALIASES = 100;
function readKubeconfigYaml(text) {
  try {
    return { value: readYaml(text, { maxAliasCount: MAX_ALIASES, merge: true }) };
  } catch (error) {
    if (error instanceof YamlProblem) return { problem: error.message };
    throw error;
  }
}
var SECRET_KEYS = /* @__PURE__ */ new Set([
  "token",
  "password",
  "client-key-data",
  "id-token",
  "refresh-token",
  "access-token",
  "client-secret"
]);
var SECRET = /["']?\b(?:token|password|client-key-data|id-token|refresh-token|access-token|client-secret)["']?\s*:\s*["']?([^\s"',}]{8,})/g;
var SECRET_NAME = /pass|pwd|secret|token|key|credential|auth|cookie|session|dsn/i;
function findKubeconfigSecrets(text) {
  const read2 = readKubeconfigYaml(text);
  const found = "value" in read2 ? findSecrets(read2.value, "") : [];
  return [...new Set(found.length > 0 ? found : [...text.matchAll(SECRET)].flatMap(([, secret]) => secret ?? []))];
}
function findSecrets(value, key) {
  if (typeof value === "string") return SECRET_KEYS.has(key) ? listKeyForms(key, value) : findUrlSecrets(value);
  if (typeof value === "number" && SECRET_KEYS.has(key)) return [String(value)];
  if (Array.isArray(value))
    return key === "args" ? findArgumentSecrets(value) : value.flatMap((item) => findSecrets(item, ""));
  if (!isRecord(value)) return [];
  const { name, value: held } = value;
  if (typeof name === "string" && typeof held === "string")
    return SECRET_NAME.test(name) ? keepLong(held) : findUrlSecrets(held);
  return Object.entries(value).flatMap(([field, inner]) => findSecrets(inner, field));
}
function findArgumentSecrets(args) {
  return args.flatMap((argument, index) => {
    if (typeof argument !== "string") return [];
    const [, option = "", value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (!SECRET_NAME.test(option)) return findUrlSecrets(argument);
    const next = args[index + 1];
    return keepLong(value ?? (typeof next === "string" ? next : ""));
  });
}
var SHORTEST_VALUE = 8;
function keepLong(value) {
  return value.length < SHORTEST_VALUE ? [] : [value];
}
function listKeyForms(key, secret) {
  const plain = Buffer.from(secret, "base64").toString("utf8");
  const isEncoded2 = key === "client-key-data" || plain.includes("PRIVATE KEY-----");
  const forms = isEncoded2 ? [secret, plain] : [secret, secret.trim()];
  return forms.filter((form) => form !== "");
}
function findUrlSecrets(text) {
  const { username = "", password: password2 = "" } = (text.includes("://") ? URL.parse(text) : null) ?? {};
  const secret = password2 === "" ? username : password2;
  return secret === "" ? [] : [secret, decodeText(secret)];
}
function decodeText(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
var kubeconfig = {
  expected: "the path of a kubeconfig, or its content as YAML or base64 (a mapping with `clusters`)",
  example: "${{ secrets.KUBECONFIG }}",
  typing: { type: "string" },
  parse: (text) => {
    const yaml = decodeBase64(text) ?? text;
    if (isKubeconfig(yaml)) return accept({ kind: "content", yaml });
    return isPath(text) ? accept({ kind: "path", path: text }) : refuse();
  },
  secrets: (text) => {
    const plain = decodeBase64(text);
    if (plain === void 0 || !isKubeconfig(plain)) return findKubeconfigSecrets(text);
    return [text, ...findKubeconfigSecrets(plain)];
  }
};
function decodeBase64(text) {
  const packed = text.replaceAll(/\s+/g, "");
  if (packed.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed)) return void 0;
  const plain = Buffer.from(packed, "base64").toString("utf8");
  return plain.includes("�") ? void 0 : plain;
}
function isKubeconfig(text) {
  if (!text.includes("clusters")) return false;
  const read2 = readKubeconfigYaml(text);
  if (!("value" in read2)) return false;
  return Array.isArray(recordOf(read2.value)["clusters"]);
}
function isPath(text) {
  return /^[^\p{Cc}{}]{1,1024}$/u.test(text) && !/^\s*[\w-]+:\s/.test(text) && !(text.length > 200 && !text.includes("/"));
}

// src/inputs/rows/target.ts
var expectedCluster = {
  expected: "the URL of the API server, or the SHA-256 fingerprint of its CA (64 hex digits, colons allowed)",
  example: "https://kubernetes.example.com:6443",
  typing: { type: "string" },
  parse: (text) => {
    const hex = text.replace(/^sha256(?: fingerprint)?[:=]/i, "").replaceAll(":", "").toLowerCase();
    if (/^[0-9a-f]{64}$/.test(hex)) return accept({ kind: "ca-fingerprint", sha256: hex });
    const url = normalizeServer(text);
    if (url !== void 0) return accept({ kind: "url", url });
    return refuse({
      suggestion: text.includes("://") || text.length > 250 ? void 0 : normalizeServer(`https://${text}`)
    });
  }
};
function normalizeServer(text) {
  const url = URL.parse(text);
  if (url === null || !["https:", "http:"].includes(url.protocol)) return void 0;
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "" || /\s/.test(text))
    return void 0;
  return `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, "");
}
var group5 = "Target";
var targetRows = {
  command: defineRow(choice(COMMANDS), {
    name: "command",
    group: group5,
    description: "What to do. `deploy` applies the NATS cluster and succeeds only if it is verified. `plan` reports what `deploy` would change, and changes nothing. `verify` checks a deployed cluster, and changes nothing. `rotate` replaces certificates and CAs that are due, without a restart. `delete` deletes one cluster, `prune` deletes expired previews, and `render` writes the objects to files.",
    default: "deploy",
    commands: COMMANDS
  }),
  kubeconfig: defineOptionalRow(kubeconfig, {
    name: "kubeconfig",
    group: group5,
    description: "Kubeconfig: its path, or its content. `delete` and `prune` do not use `~/.kube/config` unless this input or `expected-cluster` names it.",
    unset: "the files of the environment variable `KUBECONFIG`; else `~/.kube/config`, with a warning; else the service account of the runner's pod",
    guide: "docs/kubeconfig.md",
    commands: CLUSTER_COMMANDS
  }),
  context: defineOptionalRow(contextName, {
    name: "context",
    group: group5,
    description: "Context of the kubeconfig.",
    unset: "its current context",
    commands: CLUSTER_COMMANDS
  }),
  expectedCluster: defineOptionalRow(expectedCluster, {
    name: "expected-cluster",
    group: group5,
    description: "Kubernetes cluster that the run may use. The step fails before it sends a credential if the kubeconfig leads to another one.",
    unset: "not checked",
    guide: "docs/kubeconfig.md#the-expected-cluster",
    commands: CLUSTER_COMMANDS
  }),
  namespace: defineOptionalRow(namespaceName, {
    name: "namespace",
    group: group5,
    description: "Namespace of the NATS cluster. `render` ignores the context.",
    unset: "the namespace of the kubeconfig context, else `default`",
    commands: COMMANDS
  }),
  createNamespace: defineRow(chunk_boolean, {
    name: "create-namespace",
    group: group5,
    description: "Create the namespace if it does not exist.",
    default: "false",
    commands: DEPLOYING
  }),
  name: defineRow(deploymentName, {
    name: "name",
    group: group5,
    description: "Name of the NATS cluster, its Service and its StatefulSet, and prefix of all other object names. The name of a preview (`ttl`) may be any text.",
    guide: "docs/names.md",
    default: "nats",
    commands: COMMANDS.filter((command) => command !== "prune")
  })
};
function readTarget2(valueOf) {
  return { ...readAccess(valueOf), ...readPlace(valueOf) };
}
function readAccess(valueOf) {
  return {
    kubeconfig: valueOf(targetRows.kubeconfig),
    context: valueOf(targetRows.context),
    expectedCluster: valueOf(targetRows.expectedCluster)
  };
}
function readPlace(valueOf) {
  return { namespace: valueOf(targetRows.namespace), name: valueOf(targetRows.name) };
}
function readNamespace(valueOf) {
  return { ...readAccess(valueOf), namespace: valueOf(targetRows.namespace) };
}
function readCreation(valueOf) {
  return { createNamespace: valueOf(targetRows.createNamespace) };
}

// src/inputs/feature-contradictions.ts
function findJetStreamContradictions(inputs, isGiven) {
  const found = inputs.jetstream ? [checkStorage(inputs), checkStorageClass(inputs), checkMemoryLimit(inputs)] : [jetstreamRows.storage, jetstreamRows.storageClass, jetstreamRows.memory].filter(isGiven).map(reportWithoutJetStream);
  return found.filter((one) => one !== void 0);
}
function createContradiction(row, other, message, correction) {
  return { violation: { input: row.name, message, correction }, involves: [row, other] };
}
function reportWithoutJetStream(row) {
  const { jetstream } = jetstreamRows;
  const message = `got \`${row.name}\` without \`${jetstream.name}\`, expected both or neither`;
  return createContradiction(row, jetstream, message, formatWorkflowLine(jetstream.name, "true"));
}
function checkStorage({ jetstreamStorage, jetstreamMemory }) {
  const { storage, memory } = jetstreamRows;
  const message = `got 0, and \`${memory.name}\` is 0 as well, expected at least one of them above 0 as storage for streams`;
  return jetstreamStorage.bytes + jetstreamMemory.bytes > 0 ? void 0 : createContradiction(storage, memory, message, formatWorkflowLine(storage.name, storage.default));
}
function checkStorageClass({ jetstreamStorage, jetstreamStorageClass }) {
  const { storage, storageClass } = jetstreamRows;
  const message = `got a storage class although \`${storage.name}\` is 0, expected a size for the volume or no storage class`;
  return jetstreamStorageClass === void 0 || jetstreamStorage.bytes > 0 ? void 0 : createContradiction(storageClass, storage, message, formatWorkflowLine(storage.name, storage.default));
}
function checkMemoryLimit({ resources: resources2, jetstreamMemory }) {
  const limit = resources2.limits?.["memory"];
  const limitBytes = limit === void 0 ? void 0 : parseQuantity(limit);
  const { memory } = jetstreamRows;
  const message = `got ${jetstreamMemory.quantity}, expected less than \`limits.memory\` of \`resources\` (${limit})`;
  return limitBytes === void 0 || jetstreamMemory.bytes < limitBytes ? void 0 : createContradiction(
    memory,
    clusterRows.resources,
    message,
    formatWorkflowLine(memory.name, String(Math.floor(limitBytes / 2)))
  );
}
function findNameContradictions(inputs) {
  return [...findClientContradictions(inputs), ...findSecretContradictions(inputs)];
}
function findClientContradictions({ clientCertificates, clientUser }) {
  const { clientCertificates: row } = certificateRows;
  return clientCertificates.filter((client) => client !== clientUser && isGenerationOf(client, clientUser)).map((client) => {
    const message = `client \`${client}\` has the name that \`client-user\` gets in a rotation, expected another name`;
    const correction = `# rename \`${client}\` in \`${row.name}\``;
    return { violation: { input: row.name, message, correction }, involves: [row, credentialRows.clientUser] };
  });
}
function findSecretContradictions(inputs) {
  const { name, clientCertificates } = inputs;
  const own = [...listFixedSecrets(name), ...clientCertificates.map((client) => namedClientSecretName(name, client))];
  const given = [
    [certificateRows.serverTlsSecret, inputs.serverTlsSecret],
    [certificateRows.routeTlsSecret, inputs.routeTlsSecret]
  ];
  return given.flatMap(([row, secret]) => {
    if (secret === void 0 || !(own.includes(secret) || isConfigurationSecretName(name, secret))) return [];
    const message = `got \`${secret}\`, the name of a Secret that the Action writes, expected a Secret of your own`;
    const correction = `# copy your certificate to a Secret with another name, and write that name here`;
    return [{ violation: { input: row.name, message, correction }, involves: [row, targetRows.name] }];
  });
}

// src/inputs/rows/consent.ts
var COMMANDS_OF = {
  adopt: DEPLOYING,
  outage: [...DEPLOYING, "rotate"],
  conflicts: [...DEPLOYING, "rotate"],
  "delete-volumes": ["delete", "prune"],
  "delete-namespace": ["delete", "prune"],
  "rendered-secrets": ["render"]
};
var CONSENTS = [
  "adopt",
  "outage",
  "conflicts",
  "delete-volumes",
  "delete-namespace",
  "rendered-secrets"
];
function commandsOf(consent) {
  return COMMANDS_OF[consent];
}
var consentRows = {
  allow: defineOptionalRow(list(choice(CONSENTS)), {
    name: "allow",
    group: "Consent",
    description: "Allows changes that are refused otherwise: `adopt` (take over objects that another tool deployed under the names of this deployment, but never those of another deployment), `outage` (disconnect clients or servers for a while), `conflicts` (take fields that another manager owns, for example after a kubectl edit), `delete-volumes` (with `delete` and `prune`: also delete the volumes and their streams), `delete-namespace` (with `delete` and `prune`: also delete the namespace, if `create-namespace` created it and no object of any kind is left in it), `rendered-secrets` (with `render`: also write the Secrets, with passwords and private keys).",
    unset: "nothing",
    commands: [...DESCRIBING_COMMANDS, "rotate", "delete", "prune"]
  })
};
function readConsent(valueOf) {
  return { allow: valueOf(consentRows.allow) ?? [] };
}

// src/inputs/rows/rendering.ts
var directoryPath = {
  expected: "the path of a folder, in one line of at most 1024 characters",
  example: "deploy/nats",
  typing: { type: "string" },
  parse: (text) => /^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accept(text) : refuse()
};
var group6 = "Rendering";
var commands4 = ["render"];
var RENDER_FORMATS = ["manifests", "kustomize", "helm"];
var renderingRows = {
  outputDirectory: defineOptionalRow(directoryPath, {
    name: "output-directory",
    group: group6,
    description: "Folder for the files, in the workspace or in `RUNNER_TEMP`. It is created if it is missing. Files that an earlier `render` wrote are replaced or removed; other files stay.",
    required: "with `command: render`",
    guide: "docs/rendering.md#the-folder",
    commands: commands4
  }),
  renderFormat: defineRow(choice(RENDER_FORMATS), {
    name: "render-format",
    group: group6,
    description: "Format of the files: `manifests` (for `kubectl apply --filename`), `kustomize` (a base), or `helm` (a chart, also packaged).",
    guide: "docs/rendering.md",
    default: "manifests",
    commands: commands4
  })
};
function readRendering(valueOf) {
  return {
    /** The folder; the empty string occurs only in inputs that are refused. */
    outputDirectory: valueOf(renderingRows.outputDirectory) ?? "",
    renderFormat: valueOf(renderingRows.renderFormat)
  };
}

// src/inputs/render-contradictions.ts
function findRenderContradictions(inputs, isGiven) {
  const { outputDirectory } = renderingRows;
  const { clientVerify, clientCertificates } = certificateRows;
  const missing = isGiven(outputDirectory) ? [] : [nowhere];
  return inputs.allow.includes("rendered-secrets") ? missing : [
    ...missing,
    ...[clientVerify, clientCertificates].filter(isGiven).map(reportUnissued),
    ...findShortDurations(inputs)
  ];
}
var nowhere = {
  violation: {
    input: renderingRows.outputDirectory.name,
    message: "got nothing, expected the folder that the files are written to",
    correction: formatWorkflowLine(renderingRows.outputDirectory.name, findExample(renderingRows.outputDirectory))
  },
  involves: [renderingRows.outputDirectory]
};
function reportUnissued(row) {
  return reportSecretsOnly(
    row,
    `got \`${row.name}\` without \`allow: rendered-secrets\`, expected both or neither: client certificates are issued only together with the Secrets`,
    formatWorkflowLine(consentRows.allow.name, "rendered-secrets")
  );
}
var HOUR_MS3 = 36e5;
var CERT_MANAGER_MIN = [
  { row: certificateRows.certificateValidity, field: "certificateValidityMs", leastMs: HOUR_MS3 },
  { row: certificateRows.renewBefore, field: "renewBeforeMs", leastMs: HOUR_MS3 / 12 }
];
function findShortDurations(inputs) {
  if (inputs.serverTlsSecret !== void 0 && inputs.routeTlsSecret !== void 0) {
    return [];
  }
  return CERT_MANAGER_MIN.flatMap(({ row, field, leastMs }) => {
    const least = formatDuration(leastMs);
    const message = `got ${formatDuration(inputs[field])} without \`allow: rendered-secrets\`, expected at least ${least}: cert-manager then issues the certificates, and refuses a shorter duration`;
    return inputs[field] < leastMs ? [reportSecretsOnly(row, message, formatWorkflowLine(row.name, least))] : [];
  });
}
function reportSecretsOnly(row, message, correction) {
  const violation = { input: row.name, message, correction };
  return { violation, involves: [row, consentRows.allow] };
}

// src/nats/conf/reader/cursor.ts
var SPACES = new Set(
  "	\n\v\f\r              \u2028\u2029  　"
);
function isSpace(character) {
  return SPACES.has(character);
}
function isBlank(character) {
  return character === " " || character === "	";
}
function isLineBreak(character) {
  return character === "\n" || character === "\r";
}
function isDigit(character) {
  return character >= "0" && character <= "9" || character > "" && new RegExp("^\\p{Nd}$", "u").test(character);
}
function isSeparator(character) {
  return character === "=" || character === ":";
}
function lowerCase(key) {
  return key.replaceAll("İ", "i").toLowerCase();
}
function describeCharacter(character) {
  if (character === "") return "the end of the file";
  if (isLineBreak(character)) return "the end of the line";
  if (isSpace(character)) return "a space";
  if (isDigit(character)) return "a digit";
  return /^[!-/:-@[-`{-~]$/.test(character) ? `\`${character}\`` : "a letter";
}
var Cursor = class {
  #file;
  #text;
  #at = 0;
  /** The position up to which lines and columns are counted. */
  #counted = 0;
  #line = 1;
  #column = 1;
  constructor(file, text) {
    this.#file = file;
    this.#text = text;
  }
  /** Returns the current character; the empty string at the end. */
  peek() {
    const code2 = this.#text.codePointAt(this.#at);
    return code2 === void 0 ? "" : String.fromCodePoint(code2);
  }
  /** Returns the current character and moves to the next one. */
  next() {
    const character = this.peek();
    this.#at += character.length;
    return character;
  }
  startsWith(prefix) {
    return this.#text.startsWith(prefix, this.#at);
  }
  /** Returns the match of a sticky pattern at this position, without moving. */
  match(pattern) {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }
  /** Moves forward by this many UTF-16 code units. */
  advance(length) {
    this.#at += length;
  }
  /** Returns the text from here to the first occurrence of `end`; undefined without one. */
  until(end) {
    const found = this.#text.indexOf(end, this.#at);
    return found < 0 ? void 0 : this.#text.slice(this.#at, found);
  }
  /** Returns the position. Continues the count from the last call, so that a call for every key stays fast. */
  position() {
    for (const character of this.#text.slice(this.#counted, this.#at)) {
      const isEnd = character === "\n";
      this.#line += isEnd ? 1 : 0;
      this.#column = isEnd ? 1 : this.#column + 1;
    }
    this.#counted = this.#at;
    return { file: this.#file, line: this.#line, column: this.#column };
  }
};

// src/nats/conf/reader/value.ts
function variable(name) {
  return { kind: "variable", name };
}
function list2(items) {
  return { kind: "list", items };
}
function block(entries) {
  const present = Object.entries(entries).flatMap(
    ([key, value]) => value === void 0 ? [] : [[key, value]]
  );
  return { kind: "block", entries: Object.fromEntries(present) };
}
function resolveVariable(value) {
  let current = value;
  while (typeof current === "object" && current.kind === "variable" && current.value !== void 0) {
    current = current.value;
  }
  return current;
}
function isBlock(value) {
  return typeof value === "object" && value.kind === "block";
}
function isList(value) {
  return typeof value === "object" && value.kind === "list";
}

// src/nats/conf/settings/secrets.ts
var SECRET_FIELDS = /* @__PURE__ */ new Set([
  "pass",
  "password",
  "token",
  "key",
  "ek",
  "encryption_key",
  "prev_key",
  "prev_ek",
  "prev_encryption_key",
  "seed"
]);
function isSecretField(key) {
  return SECRET_FIELDS.has(lowerCase(key));
}
var IN_URL = /:\/\/[^\s/?#@:]*:([^\s/?#@]+)@/g;
var SEED = /^S[A-Z][A-Z2-7]{56}$/;
var WRITTEN = /(?<![\w./-])(["']?)(?:pass|password|token|key|ek|encryption_key|seed)\1(?:[ \t]*[:=]\s*|[ \t]+)(?:<<\s*)?(?:"([^"\n]+)"?|'([^'\n]+)'?|([^\s"'{[(,;\]}]+))/gi;
function collectSecrets(tree) {
  return Object.entries(tree.entries).flatMap(([key, value]) => collectValueSecrets(value, isSecretField(key)));
}
function findSecretsInText(text) {
  const words2 = [...text.matchAll(WRITTEN)].flatMap(([, , double, single, bare]) => double ?? single ?? bare ?? []);
  return [...words2, ...findUrlPasswords(text)];
}
function removeSecrets(text, tree) {
  const secrets = collectSecrets(tree).toSorted((left, right) => right.length - left.length);
  return secrets.reduce((rest, secret) => secret === "" ? rest : rest.replaceAll(secret, "***"), text);
}
function formatWithoutSecrets(tree) {
  const secrets = new Set(collectSecrets(tree));
  return JSON.stringify(tree.entries, (_2, value) => {
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "string") return value;
    return secrets.has(value) ? "***" : value.replaceAll(IN_URL, "://***@");
  });
}
function collectValueSecrets(value, isSecret) {
  const actual = resolveVariable(value);
  if (typeof actual === "string") return isSecret || SEED.test(actual) ? [actual] : findUrlPasswords(actual);
  if (typeof value !== "object") return [];
  if (value.kind === "list") return value.items.flatMap((item) => collectValueSecrets(item, isSecret));
  return value.kind === "block" ? collectSecrets(value) : [];
}
function findUrlPasswords(text) {
  return [...text.matchAll(IN_URL)].flatMap(([, password2 = ""]) => [.../* @__PURE__ */ new Set([password2, decodePassword(password2)])]);
}
function decodePassword(password2) {
  try {
    return decodeURIComponent(password2);
  } catch {
    return password2;
  }
}

// src/cluster/server-files.ts
var CONFIGURATION_DIRECTORY = "/etc/nats";
var PID_DIRECTORY = "/var/run/nats";
var DATA_DIRECTORY = "/data";
var serverFiles = {
  configurationDirectory: CONFIGURATION_DIRECTORY,
  configuration: `${CONFIGURATION_DIRECTORY}/nats.conf`,
  serverCertificate: `${CONFIGURATION_DIRECTORY}/server/tls.crt`,
  serverKey: `${CONFIGURATION_DIRECTORY}/server/tls.key`,
  clientTrust: `${CONFIGURATION_DIRECTORY}/server/ca.crt`,
  routeTrust: `${CONFIGURATION_DIRECTORY}/route-ca.crt`,
  /**
   * The mount path of the stream volume. Streams are in a folder below it, which keeps other content of the volume
   * (`lost+found`) apart.
   */
  dataDirectory: DATA_DIRECTORY,
  streams: `${DATA_DIRECTORY}/jetstream`,
  pidDirectory: PID_DIRECTORY,
  pid: `${PID_DIRECTORY}/nats.pid`
};
var serverEnvironment = {
  podName: "POD_NAME",
  serverName: "SERVER_NAME",
  clientAdvertise: "CLIENT_ADVERTISE",
  routeAdvertise: "ROUTE_ADVERTISE",
  routeCertificate: "ROUTE_CERT",
  routeKey: "ROUTE_KEY"
};
function routeCertificateKey(pod) {
  return `route-${pod}.crt`;
}
function routePrivateKeyKey(pod) {
  return `route-${pod}.key`;
}
function isServerFile(name) {
  return /^(?:nats\.conf|server|route[.-].*)$/.test(name);
}

// src/nats/conf/reader/parse.ts


// src/nats/conf/reader/scope.ts
var MAX_DEPTH3 = 100;
var MAX_VALUES = 2e5;
function createScope(outer) {
  return { entries: /* @__PURE__ */ new Map(), positions: /* @__PURE__ */ new Map(), outer };
}
function chunk_define(scope, key, value, position) {
  scope.entries.set(key, value);
  scope.positions.set(key, position);
}
function closeScope({ entries, positions }) {
  return { kind: "block", entries: Object.fromEntries(entries), positions };
}
function lookUp(scope, name) {
  for (let current = scope; current !== void 0; current = current.outer) {
    const value = current.entries.get(name);
    if (value !== void 0) return value;
  }
  return void 0;
}
var Extents = class {
  #known = /* @__PURE__ */ new WeakMap();
  measure(value) {
    const actual = resolveVariable(value);
    if (typeof actual !== "object" || actual.kind !== "block" && actual.kind !== "list")
      return { depth: 0, values: 1 };
    const before = this.#known.get(actual);
    if (before !== void 0) return before;
    const inner = actual.kind === "list" ? actual.items : Object.values(actual.entries);
    let depth = 0;
    let values = 1;
    for (const item of inner) {
      const extent2 = this.measure(item);
      depth = Math.max(depth, extent2.depth);
      values += extent2.values;
    }
    const extent = { depth: depth + 1, values };
    this.#known.set(actual, extent);
    return extent;
  }
};

// src/nats/conf/reader/session.ts
function formatPlace({ file, line, column }) {
  return `${file}:${line}:${column}`;
}
function createViolation(input, position, { says, fix }) {
  const place = formatPlace(position);
  const { file, line, column } = position;
  return {
    input,
    message: `${place}: ${says}`,
    correction: `# ${place}: ${fix}`,
    at: { file, line, column }
  };
}
function createUnreadableError(input, position, problem) {
  return createInputError([createViolation(input, position, problem)]);
}
var MAX_CHARACTERS3 = 2 ** 20;
var MAX_FILES = 200;
var Session = class {
  input;
  context;
  extents = new Extents();
  #characters = 0;
  #files = 0;
  constructor(input, context) {
    this.input = input;
    this.context = context;
  }
  /** Counts characters and files, however often each is included. Returns whether they are few enough. */
  spend(characters) {
    this.#characters += characters;
    this.#files += 1;
    return this.#characters <= MAX_CHARACTERS3 && this.#files <= MAX_FILES;
  }
};
function openReader(session, file, text) {
  const cursor = new Cursor(file, text.endsWith("\n") ? text : `${text}
`);
  const fail = (position, problem) => {
    throw createUnreadableError(session.input, position, problem);
  };
  const start = { file, line: 1, column: 1 };
  if (!session.spend(text.length)) {
    const says = `got more than ${MAX_CHARACTERS3} characters or ${MAX_FILES} files; an included file counts once for each include`;
    return fail(start, { says, fix: "shorten the configuration, because it has to fit in a Secret" });
  }
  if (text.includes("\0") || !text.isWellFormed()) {
    const says = "got NUL or half a character, expected UTF-8 text";
    return fail(start, { says, fix: "save the file as UTF-8" });
  }
  const unexpected = (expected, fix) => fail(cursor.position(), { says: `got ${describeCharacter(cursor.peek())}, expected ${expected}`, fix });
  return { session, cursor, fail, unexpected };
}
var tooDeep = {
  says: `got more than ${MAX_DEPTH3} blocks and lists within one another`,
  fix: "nest less deeply"
};
var BCRYPT2 = "$2a$";
function readWord(session, around, word) {
  if (/^(?:true|yes|on)$/i.test(word)) return { kind: "value", value: true };
  if (/^(?:false|no|off)$/i.test(word)) return { kind: "value", value: false };
  if (!word.startsWith("$") || word.startsWith(BCRYPT2)) return { kind: "value", value: word };
  const name = word.slice(1);
  const value = lookUp(around.scope, name);
  if (value !== void 0) {
    return around.depth + session.extents.measure(value).depth > MAX_DEPTH3 ? { kind: "problem", problem: tooDeep } : { kind: "value", value: { kind: "variable", name, value } };
  }
  if (session.context.environment.has(name)) return { kind: "value", value: variable(name) };
  const known = [...session.context.environment].map((each) => `\`$${each}\``);
  const says = `got \`$\` and a name that nothing above defines, expected ${["a name defined above", ...known].join(", ")}`;
  const fix = 'define the variable before it is used; insert a secret with an expression of the workflow, for example `"${{ secrets.NAME }}"`; put any other text in double quotes';
  return { kind: "problem", problem: { says, fix } };
}

// src/nats/conf/reader/text.ts

var ESCAPES = { t: "	", n: "\n", r: "\r", '"': '"', "\\": "\\" };
function readVerbatimText(cursor, quote) {
  const text = cursor.until(quote);
  if (text === void 0) return reportUnclosed(quote);
  cursor.advance(text.length + 1);
  return { kind: "text", text, isPlain: false };
}
function readEscapedText(cursor) {
  const parts = [];
  for (; ; ) {
    const plain = cursor.match(/[^"\\]*/y) ?? "";
    cursor.advance(plain.length);
    parts.push(external_node_buffer_namespaceObject.Buffer.from(plain, "utf8"));
    const end = cursor.next();
    if (end === "") return reportUnclosed('"');
    if (end === '"') return joinParts(parts, false);
    const byte = readEscape(cursor);
    if (byte === void 0) return wrongEscape;
    parts.push(byte);
  }
}
function readBareText(cursor, begun = "") {
  const parts = [external_node_buffer_namespaceObject.Buffer.from(begun, "utf8")];
  let isPlain2 = true;
  for (; ; ) {
    const plain = cursor.match(/[^\\'\s,;\]}]*/y) ?? "";
    cursor.advance(plain.length);
    parts.push(external_node_buffer_namespaceObject.Buffer.from(plain, "utf8"));
    const end = cursor.peek();
    if (end === "" || isLineBreak(end) || isBlank(end) || /^[,;\]}]$/.test(end)) return joinParts(parts, isPlain2);
    cursor.next();
    if (end === "'") return joinParts(parts, false);
    if (end === "\\") {
      isPlain2 = false;
      const byte = readEscape(cursor);
      if (byte === void 0) return wrongEscape;
      parts.push(byte);
    } else {
      parts.push(external_node_buffer_namespaceObject.Buffer.from(end, "utf8"));
    }
  }
}
function readBlockText(cursor) {
  const text = cursor.until("\n)\n");
  if (text === void 0) {
    const says = "got a block of text that is never closed, expected `)` alone on a line";
    return { kind: "problem", problem: { says, fix: "after the text, add a line that contains only `)`" } };
  }
  cursor.advance(text.length + 2);
  return { kind: "text", text: `${text}
`, isPlain: false };
}
function readEscape(cursor) {
  const letter = cursor.next();
  if (letter === "x") {
    const digits = cursor.match(/[0-9a-f]{2}/iy);
    cursor.advance(digits?.length ?? 0);
    return digits === void 0 ? void 0 : external_node_buffer_namespaceObject.Buffer.from(digits, "hex");
  }
  const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : void 0;
  return character === void 0 ? void 0 : external_node_buffer_namespaceObject.Buffer.from(character, "utf8");
}
function joinParts(parts, isPlain2) {
  const bytes = external_node_buffer_namespaceObject.Buffer.concat(parts);
  if ((0,external_node_buffer_namespaceObject.isUtf8)(bytes)) return { kind: "text", text: bytes.toString("utf8"), isPlain: isPlain2 };
  const says = "got escapes `\\xNN` that do not form valid UTF-8, expected text";
  return { kind: "problem", problem: { says, fix: "write the characters themselves, or their UTF-8 bytes" } };
}
var wrongEscape = {
  kind: "problem",
  problem: {
    says: 'got a `\\` that does not begin an escape, expected `\\t`, `\\n`, `\\r`, `\\"`, `\\\\` or `\\xNN`',
    fix: "write `\\\\` for a backslash"
  }
};
function reportUnclosed(quote) {
  const says = `got a text that is never closed, expected a second ${describeCharacter(quote)}`;
  return { kind: "problem", problem: { says, fix: `close the text opened with ${describeCharacter(quote)}` } };
}

// src/nats/conf/reader/number.ts
var SIZE = /^-?\d+[kmgtpe](?:b|i|ib)?$/i;
function parseInteger(text) {
  const [, digits, suffix] = /^(-?[0-9]+)([a-z]*)$/i.exec(text) ?? [];
  if (digits === void 0 || suffix === void 0) return void 0;
  const unit = findSizeUnit(suffix);
  if (unit === void 0 || digits.length > 40) return void 0;
  const exact = BigInt(digits) * unit;
  if (BigInt.asIntN(64, exact) !== exact) return void 0;
  const plain = Number(exact);
  return Number.isSafeInteger(plain) ? plain : exact;
}
var DATE = /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/y;
var QUOTE_IT = "write a number, or put the text in double quotes";
function readNumberOrText(cursor) {
  const date = cursor.match(DATE);
  if (date !== void 0) return readDate(cursor, date);
  const digits = cursor.match(new RegExp("\\p{Nd}+", "uy")) ?? "";
  cursor.advance(digits.length);
  const next = cursor.peek();
  if (next === "-") return reportProblem("got digits and `-`, expected a date such as 2026-01-31T12:00:00Z");
  if (next === ".") return readFloatOrAddress(cursor, digits);
  if (/^[kmgtpe]$/i.test(next)) return readSizeOrText(cursor, digits);
  if (endsNumber(next)) return convertInteger(digits);
  if (next === "]")
    return reportProblem(
      "got a number right before `]`, which nats-server reads as one word",
      "put a space before `]`"
    );
  return readBareText(cursor, digits + cursor.next());
}
function readNegativeNumber(cursor) {
  const digits = cursor.match(new RegExp("\\p{Nd}+", "uy")) ?? "";
  if (digits === "") return reportProblem(`got \`-\` and ${describeCharacter(cursor.peek())}, expected a digit`);
  cursor.advance(digits.length);
  const next = cursor.peek();
  if (next === ".") return readFloatOrAddress(cursor, `-${digits}`);
  return /^[kmgtpe]$/i.test(next) ? readSizeOrText(cursor, `-${digits}`) : convertInteger(`-${digits}`);
}
function readSizeOrText(cursor, digits) {
  const unit = cursor.match(/[kmgtpe][bi]*/iy) ?? "";
  cursor.advance(unit.length);
  return endsNumber(cursor.peek()) ? convertInteger(digits + unit) : readBareText(cursor, digits + unit);
}
function readFloatOrAddress(cursor, whole) {
  const fraction = cursor.match(new RegExp("\\.\\p{Nd}+", "uy"));
  if (fraction === void 0) return reportProblem("got a number that ends with `.`, expected a digit after it");
  cursor.advance(fraction.length);
  const text = whole + fraction;
  if (cursor.peek() === ".") {
    const rest = cursor.match(/[\p{Nd}.:-]+/uy) ?? "";
    cursor.advance(rest.length);
    return { kind: "value", value: text + rest };
  }
  if (!/^-?[0-9]+\.[0-9]+$/.test(text) || !Number.isFinite(Number(text)))
    return reportProblem("got an invalid number, expected one such as 0.5");
  return { kind: "value", value: { kind: "float", text } };
}
function convertInteger(text) {
  const value = parseInteger(text);
  return value === void 0 ? reportProblem(
    "got a number with an unknown unit or with more than 64 bits, expected one such as 1024, 64KB or 1G"
  ) : { kind: "value", value };
}
function readDate(cursor, text) {
  cursor.advance(text.length);
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text.replace("Z", ".000Z")) {
    return reportProblem("got a date that does not exist, expected one such as 2026-01-31T12:00:00Z");
  }
  return { kind: "value", value: { kind: "date", text } };
}
function endsNumber(character) {
  return character === "" || isLineBreak(character) || isBlank(character) || /^[};,]$/.test(character);
}
function reportProblem(says, fix = QUOTE_IT) {
  return { kind: "problem", problem: { says, fix } };
}

// src/nats/conf/reader/tokens.ts
function readKey(reader, position) {
  const { cursor } = reader;
  const quote = cursor.peek();
  if (quote === '"' || quote === "'") {
    cursor.next();
    const read2 = readVerbatimText(cursor, quote);
    return read2.kind === "text" ? read2.text : reader.fail(position, read2.problem);
  }
  let key = cursor.next();
  while (cursor.peek() !== "" && !isSpace(cursor.peek()) && !isSeparator(cursor.peek())) key += cursor.next();
  if (key.includes('"') && key.includes("'")) {
    reader.fail(position, { says: "got a key with both kinds of quotes", fix: "rename the key" });
  }
  return lowerCase(key) === "include" && isSpace(cursor.peek()) ? void 0 : key;
}
function readIncludedName(reader) {
  const { cursor } = reader;
  skipBlanks(reader);
  const position = cursor.position();
  const first = cursor.peek();
  if (first === '"' || first === "'") {
    cursor.next();
    const read2 = readVerbatimText(cursor, first);
    return read2.kind === "text" ? read2.text : reader.fail(position, read2.problem);
  }
  if (isDigit(first) || isLineBreak(first) || /^[[{(\\-]$/.test(first)) {
    reader.unexpected("the name of a file", "put the name in double quotes");
  }
  const name = cursor.match(/[^\n\r;} \t']*/y) ?? "";
  cursor.advance(name.length);
  if (cursor.peek() === "'") cursor.next();
  return name;
}
function readScalar({ cursor }) {
  const first = cursor.peek();
  if (isDigit(first)) return readNumberOrText(cursor);
  if (!/^["'(-]$/.test(first)) return readBareText(cursor);
  cursor.next();
  if (first === "-") return readNegativeNumber(cursor);
  if (first === "(") return readBlockText(cursor);
  return first === '"' ? readEscapedText(cursor) : readVerbatimText(cursor, first);
}
function skipSpace({ cursor }) {
  while (isSpace(cursor.peek())) cursor.next();
}
function skipBlanks({ cursor }) {
  while (isBlank(cursor.peek())) cursor.next();
}
function skipComment(reader) {
  const { cursor } = reader;
  if (cursor.peek() !== "#" && cursor.peek() !== "/") return false;
  if (cursor.peek() === "/" && !cursor.startsWith("//")) {
    cursor.next();
    reader.unexpected("`//` for a comment", "begin a comment with `#` or `//`");
  }
  cursor.advance(cursor.match(/[^\r\n]*/y)?.length ?? 0);
  return true;
}
function skipSpaceAndComments(reader) {
  for (let found = false; ; found = true) {
    skipSpace(reader);
    if (!skipComment(reader)) return found;
  }
}
var NO_WORD = "put a value that is not a plain word in double quotes";
function closeBrace(reader, open) {
  if (open.pop() === void 0) reader.unexpected("a key: the brace closes nothing", "remove `}`");
  reader.cursor.next();
  if (open.length === 0) return;
  if (skipSpaceAndComments(reader)) return;
  if (/^[;,]$/.test(reader.cursor.peek())) reader.cursor.next();
  else if (reader.cursor.peek() !== "}") reader.unexpected("`,` or `}` after an inner brace", "write `,` between them");
}
function readTopEntryEnd(reader, isGrouped) {
  const { cursor } = reader;
  skipBlanks(reader);
  if (skipComment(reader)) return;
  const end = cursor.peek();
  if (end === "" || isGrouped && end === "}") return;
  if (!isLineBreak(end) && !/^[;,]$/.test(end)) {
    reader.unexpected("the end of the line after a value", NO_WORD);
  }
  cursor.next();
}
function readItemEnd(reader, closing) {
  const { cursor } = reader;
  const end = cursor.peek();
  const isEnd = isLineBreak(end) || end === "," || end === closing || end === ";" && closing === "}";
  if (!isEnd) reader.unexpected(`\`,\`, \`${closing}\` or the end of the line after a value`, NO_WORD);
  return cursor.next();
}

// src/nats/conf/reader/parse.ts
var NO_VALUE = "write the value after the key, on the same line";
function parseConfiguration({ input, file, text }, surroundings) {
  return closeScope(readFileScope(new Session(input, surroundings), { file, path: "", text }, []));
}
function readFileScope(session, { file, path, text }, chain) {
  const reader = openReader(session, file, text);
  const scope = createScope(void 0);
  readTopEntries(reader, { scope, depth: 1, chain: [...chain, path] });
  return scope;
}
function readTopEntries(reader, around) {
  const { cursor } = reader;
  const open = [];
  for (; ; ) {
    skipSpaceAndComments(reader);
    const here = cursor.peek();
    if (here === "") break;
    if (here === "{") {
      open.push(cursor.position());
      cursor.next();
    } else if (here === "}") {
      closeBrace(reader, open);
    } else {
      readEntry(reader, around, false);
      readTopEntryEnd(reader, open.length > 0);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== void 0) reader.fail(unclosed, { says: "got `{` that is never closed", fix: "add `}`" });
}
function readEntry(reader, around, isInMap) {
  const { cursor } = reader;
  if (isSeparator(cursor.peek())) reader.unexpected("a key", "write the key first");
  const position = cursor.position();
  const key = readKey(reader, position);
  if (key === void 0) {
    readInclude(reader, around, position);
    return;
  }
  skipSpace(reader);
  if (isSeparator(cursor.peek())) {
    cursor.next();
    if (isInMap) skipSpace(reader);
    else skipBlanks(reader);
  }
  const next = cursor.peek();
  if (next === "" || isInMap && /^[,}]$/.test(next)) reader.unexpected("a value", NO_VALUE);
  chunk_define(around.scope, key, readValue(reader, around), position);
}
function readInclude(reader, around, position) {
  const { session } = reader;
  const name = readIncludedName(reader);
  const path = external_node_path_.posix.join(external_node_path_.posix.dirname(around.chain.at(-1) ?? ""), name);
  const text = session.context.files.get(path);
  if (text === void 0) {
    const says = `got an include of ${JSON.stringify(path)}, expected a file next to the configuration`;
    reader.fail(position, { says, fix: "give the configuration as `config-file`, with the included files next to it" });
  } else if (around.chain.includes(path)) {
    reader.fail(position, { says: "got a file that includes itself", fix: "remove the include" });
  } else {
    const included = readFileScope(session, { file: path, path, text }, around.chain);
    for (const [key, at] of included.positions) chunk_define(around.scope, key, included.entries.get(key) ?? "", at);
  }
}
function readValue(reader, around) {
  const { cursor } = reader;
  const position = cursor.position();
  const first = cursor.peek();
  if (isLineBreak(first)) return reader.unexpected("a value on the line of its key", NO_VALUE);
  if (first === ".") return reader.unexpected("a digit before `.`", "write 0 before the point");
  if (first === "[" || first === "{") {
    if (around.depth >= MAX_DEPTH3) return reader.fail(position, tooDeep);
    cursor.next();
    const inner = { ...around, depth: around.depth + 1 };
    const collection = first === "[" ? readList(reader, inner, position) : readMap(reader, inner, position);
    return reader.session.extents.measure(collection).values > MAX_VALUES ? reader.fail(position, tooMuch) : collection;
  }
  const read2 = readScalar(reader);
  switch (read2.kind) {
    case "problem":
      return reader.fail(position, read2.problem);
    case "value":
      return read2.value;
    case "text":
      return read2.isPlain ? readWordValue(reader, around, read2.text, position) : read2.text;
  }
}
function readWordValue(reader, around, text, position) {
  const read2 = readWord(reader.session, around, text);
  return read2.kind === "value" ? read2.value : reader.fail(position, read2.problem);
}
function readList(reader, around, opened) {
  const { cursor } = reader;
  const items = [];
  for (; ; ) {
    skipSpaceAndComments(reader);
    if (cursor.peek() === "") return reader.fail(opened, { says: "got `[` that is never closed", fix: "add `]`" });
    if (cursor.peek() === ",")
      reader.unexpected("a value or `]`", "remove the comma; a line break ends an item as well");
    if (cursor.peek() !== "]") {
      items.push(readValue(reader, around));
      skipBlanks(reader);
      skipComment(reader);
    }
    const end = readItemEnd(reader, "]");
    if (end === "]") return list2(items);
  }
}
function readMap(reader, outer, opened) {
  const { cursor } = reader;
  const around = { ...outer, scope: createScope(outer.scope) };
  for (; ; ) {
    skipSpaceAndComments(reader);
    if (cursor.peek() === "") return reader.fail(opened, { says: "got `{` that is never closed", fix: "add `}`" });
    if (cursor.peek() === "]") reader.unexpected("a key or `}`", "close the block first");
    if (cursor.peek() !== "}") {
      readEntry(reader, around, true);
      skipBlanks(reader);
      skipComment(reader);
    }
    const end = readItemEnd(reader, "}");
    if (end === "}") return closeScope(around.scope);
  }
}
var tooMuch = {
  says: `got variables that stand for more than ${MAX_VALUES} values`,
  fix: "refer to the variables less often"
};

// src/nats/conf/reader/yaml.ts
var import_yaml4 = __toESM(require_dist(), 1);
function parseYamlConfiguration(source, surroundings) {
  const session = new Session(source.input, surroundings);
  const lines = new import_yaml4.LineCounter();
  const start = openReader(session, source.file, source.text).cursor.position();
  const placeOf = (node) => {
    const offset = findOffset(node);
    return offset === void 0 ? start : findPosition(source.file, lines, offset);
  };
  const fail = (node, problem) => {
    throw createUnreadableError(source.input, placeOf(node), problem);
  };
  const document = readDocument(source.text, lines, fail);
  const [error] = document.errors;
  if (error !== void 0) fail(error.pos[0], { says: `got invalid YAML (${error.code})`, fix: "correct the YAML" });
  const { contents } = document;
  if (!(0, import_yaml4.isMap)(contents))
    return fail(contents, {
      says: "got a value that is not a mapping, expected keys with values",
      fix: "write `key: value`"
    });
  const scope = createScope(void 0);
  const reader = { session, placeOf, fail, anchors: /* @__PURE__ */ new Map() };
  readEntries(reader, contents.items, { scope, depth: 1 });
  return closeScope(scope);
}
function readDocument(text, lineCounter, fail) {
  try {
    return parseYaml(text, { lineCounter, intAsBigInt: true, uniqueKeys: false });
  } catch (error) {
    const reason = error instanceof YamlProblem ? ` (${error.message})` : "";
    return fail(void 0, {
      says: `got YAML that cannot be read${reason}`,
      fix: "shorten the YAML, or nest less deeply"
    });
  }
}
function readEntries(reader, pairs, around) {
  for (const { key, value } of pairs) {
    const name = readKey2(key);
    if (name !== void 0 && !isWritableKey(name)) {
      reader.fail(key, unwritableKey);
    } else if (name === void 0) {
      reader.fail(key, {
        says: "got a key that is not text, expected a name",
        fix: "write a name; write out the entries that `<<` would merge"
      });
    } else if (around.scope.entries.has(name)) {
      reader.fail(key, { says: "got a key a second time", fix: "remove one of them" });
    } else {
      chunk_define(around.scope, name, readValue2(reader, value ?? key, value ?? void 0, around), reader.placeOf(key));
    }
  }
}
function readKey2(key) {
  if (!(0, import_yaml4.isScalar)(key) || key.value === null) return void 0;
  const text = typeof key.value === "string" ? key.value : key.source;
  return text === "<<" ? void 0 : text;
}
function readValue2(reader, at, node, around) {
  if ((0, import_yaml4.isAlias)(node)) return readAlias(reader, node, around);
  if (!(0, import_yaml4.isScalar)(node) && !(0, import_yaml4.isMap)(node) && !(0, import_yaml4.isSeq)(node)) return reader.fail(at, nothing);
  if (node.anchor !== void 0) reader.anchors.set(node.anchor, void 0);
  const value = (0, import_yaml4.isScalar)(node) ? readScalar2(reader, node, around) : readCollection(reader, node, around);
  if (node.anchor !== void 0) reader.anchors.set(node.anchor, value);
  return value;
}
function readCollection(reader, node, around) {
  if (around.depth >= MAX_DEPTH3) return reader.fail(node, tooDeep);
  const inner = { scope: (0, import_yaml4.isMap)(node) ? createScope(around.scope) : around.scope, depth: around.depth + 1 };
  if ((0, import_yaml4.isMap)(node)) readEntries(reader, node.items, inner);
  const value = (0, import_yaml4.isSeq)(node) ? list2(node.items.map((item) => readValue2(reader, item, item, inner))) : closeScope(inner.scope);
  return reader.session.extents.measure(value).values > MAX_VALUES ? reader.fail(node, tooMuch2) : value;
}
function readAlias(reader, alias, around) {
  const value = reader.anchors.get(alias.source);
  if (value === void 0) {
    return reader.fail(alias, {
      says: "got an alias without a complete anchor above it",
      fix: "write the value instead of the alias"
    });
  }
  return around.depth + reader.session.extents.measure(value).depth > MAX_DEPTH3 ? reader.fail(alias, tooDeep) : value;
}
function readScalar2(reader, node, around) {
  const { value, source } = node;
  if (typeof value === "string") return readText(reader, node, value, around);
  if (typeof value === "boolean") return value;
  if (typeof value === "bigint") return parseInteger(String(value)) ?? reader.fail(node, noNumber);
  if (typeof value !== "number") return reader.fail(node, nothing);
  const text = [source, String(value), `${value}.0`].find((each) => /^-?\d+\.\d+$/.test(each ?? ""));
  return text === void 0 ? reader.fail(node, noNumber) : { kind: "float", text };
}
function readText(reader, node, text, around) {
  if (!text.isWellFormed()) return reader.fail(node, { says: "got half a character", fix: "write it as UTF-8" });
  const bare = /^<<\s*(\S+)\s*>>$/.exec(text)?.[1];
  if (bare === void 0 && node.type !== "PLAIN") return text;
  const word = bare ?? text;
  if (SIZE.test(word) || bare !== void 0 && /^-?\d+$/.test(word))
    return parseInteger(word) ?? reader.fail(node, noNumber);
  const read2 = readWord(reader.session, around, word);
  return read2.kind === "value" ? read2.value : reader.fail(node, read2.problem);
}
function findOffset(at) {
  if (typeof at === "number") return at;
  return (0, import_yaml4.isNode)(at) ? at.range?.[0] : void 0;
}
function findPosition(file, lines, offset) {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}
function isWritableKey(key) {
  return key.isWellFormed() && !key.includes("\0") && !(key.includes('"') && key.includes("'"));
}
var unwritableKey = {
  says: "got a key with NUL, half a character, or both kinds of quotes, which no configuration of nats-server can contain",
  fix: "rename the key"
};
var nothing = { says: "got no value", fix: "write a value, or remove the key" };
var noNumber = {
  says: "got a number that does not fit in 64 bits",
  fix: "write a number that fits in 64 bits"
};
var tooMuch2 = { says: `got aliases that stand for more than ${MAX_VALUES} values`, fix: "use fewer aliases" };

// src/nats/conf/settings/sources.ts
function readConfiguration(source, surroundings) {
  const given = { ...source, text: source.text.replace(/^\uFEFF/, "") };
  if (/\.(?:ya?ml|json)$/i.test(given.file) || isJson(given.text)) return parseYamlConfiguration(given, surroundings);
  try {
    return parseConfiguration(given, surroundings);
  } catch (error) {
    if (!hasCode(error, "INPUT_INVALID") || !/^(?:---|["']?[\w$.-]+["']?:)[ \t]*(?:#.*)?$/m.test(given.text))
      throw error;
    return parseYamlConfiguration(given, surroundings);
  }
}
function isJson(text) {
  if (!text.trimStart().startsWith("{")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
var { podName: _, ...quotedVariables } = serverEnvironment;
var environment = new Set(Object.values(quotedVariables));
function readTexts(texts) {
  const { input, file, text, included } = texts;
  const tree = readConfiguration({ input, file, text }, { files: included, environment });
  return { input, tree, texts: JSON.stringify({ input, file, text, included: [...included] }) };
}
function readStoredTexts(texts) {
  const known = decodeTexts(texts);
  return known === void 0 ? void 0 : readTexts(known);
}
function decodeTexts(json) {
  let value;
  try {
    value = JSON.parse(json);
  } catch {
    return void 0;
  }
  const { input, file, text, included } = recordOf(value);
  const isWhole = typeof input === "string" && typeof file === "string" && typeof text === "string";
  if (!isWhole || !Array.isArray(included) || !included.every(isPair2)) return void 0;
  return { input, file, text, included: new Map(included) };
}
function isPair2(value) {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === "string");
}

// src/inputs/grammar/files.ts
var MAX_FILES2 = 100;
var MAX_BYTES2 = 262144;
var CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
var SECRET_WORDS = /["']?\b\w*(?:password|pass|token|secret|seed|key)\b["']?[\s:=]+(?:"([^"\n]+)"?|'([^'\n]+)'?|([^\s"'{[(,;\]}]+))/gi;
var fileMap = {
  expected: "a YAML mapping of file names to their text, as `accounts.conf: |` and the text below it, indented, or to a file of the workspace, as `accounts.conf: {path: deploy/accounts.conf}`",
  example: "",
  typing: { type: "string" },
  parse: createShapeParser(readFiles),
  secrets: (text) => {
    const parsed = fileMap.parse(text);
    return parsed.kind === "accepted" ? findFileSecrets(parsed.value) : [text];
  }
};
function formatFiles(files) {
  return JSON.stringify(files);
}
function findFileSecrets(files) {
  return Object.values(files).flatMap((text) => {
    const rest = text.replaceAll(CERTIFICATES, "").trim();
    const words2 = [...rest.matchAll(SECRET_WORDS)].flatMap(
      ([, double, single, bare]) => double ?? single ?? bare ?? []
    );
    return rest === "" ? [] : [rest, ...words2];
  });
}
function readFiles(value) {
  const entries = Object.entries(requireMapping(value, "the files")).map(([name, content], index) => {
    const where = `file ${index + 1}`;
    if (!/^(?!\.\.?$|\.\.)[\w.-]{1,253}$/.test(name)) {
      throw new ShapeProblem(
        `the name of ${where} to be at most 253 letters, digits, \`.\`, \`-\` and \`_\`, not \`..\``
      );
    }
    if (isServerFile(name)) {
      throw new ShapeProblem(`${where} to have another name than \`${name}\`, which is reserved for this Action`);
    }
    const text = requireText(content, where);
    if (!text.isWellFormed()) throw new ShapeProblem(`${where} to be Unicode`);
    return [name, text];
  });
  const bytes = entries.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
  if (entries.length > MAX_FILES2 || bytes > MAX_BYTES2) {
    throw new ShapeProblem(`at most ${MAX_FILES2} files of ${MAX_BYTES2 / 1024} KiB together`);
  }
  return Object.fromEntries(entries);
}

// src/inputs/rows/configuration.ts
var INPUT = "config";
var configurationText = {
  expected: "a configuration of nats-server, in its own syntax, YAML or JSON",
  example: "max_subscriptions: 1000",
  typing: { type: "string" },
  parse: read,
  secrets: (text) => {
    const parsed = read(text);
    return parsed.kind === "accepted" ? collectSecrets(parsed.value.tree) : findSecretsInText(text);
  }
};
var configurationPath = {
  expected: "the path of a file, in one line of at most 1024 characters",
  example: "deploy/nats.conf",
  typing: { type: "string" },
  parse: (text) => /^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accept(text) : refuse()
};
function read(text) {
  try {
    return accept(readTexts({ input: INPUT, file: INPUT, text, included: /* @__PURE__ */ new Map() }));
  } catch (error) {
    if (hasCode(error, "INPUT_INVALID")) return { kind: "refused", violations: error.details.violations };
    throw error;
  }
}
var group7 = "Configuration";
var commands5 = DESCRIBING_COMMANDS;
var configurationRows = {
  config: defineOptionalRow(configurationText, {
    name: "config",
    group: group7,
    description: "Your own nats-server configuration, merged with the generated one. One input can have 128 KiB; `config-file` can have 1 MiB.",
    unset: "no configuration of your own",
    guide: "docs/configuration.md",
    commands: commands5
  }),
  configFile: defineOptionalRow(configurationPath, {
    name: "config-file",
    group: group7,
    description: "File in the workspace or in `RUNNER_TEMP` with that configuration, instead of `config`. Files that it includes are read too.",
    unset: "no file",
    guide: "docs/configuration.md",
    commands: commands5
  })
};
function readConfigurationInputs(valueOf) {
  return { config: valueOf(configurationRows.config), configFile: valueOf(configurationRows.configFile) };
}
var fileRows = {
  files: defineOptionalRow(fileMap, {
    name: "files",
    group: "Configuration",
    description: "Files next to the configuration of the servers, as a YAML mapping from name to text, or to `{path: deploy/accounts.conf}` for a file of the workspace. Servers find them at `/etc/nats/<name>`. They are stored in Secrets, and applied via configuration reload. Files that are missing from a later run are removed. All files together can have 256 KiB; one input can have 128 KiB, so larger files need `path`.",
    unset: "no files",
    commands: DESCRIBING_COMMANDS
  })
};
function readFiles2(valueOf) {
  return { files: valueOf(fileRows.files) ?? {} };
}

// src/inputs/rows/preview.ts
var MAX_NAMES2 = 1e4;
var previewNames = {
  expected: `names of previews or of their branches, on lines of their own, separated by commas, or as a JSON array of texts (an empty array keeps none); at most ${MAX_NAMES2}, in the 128 KiB of one input`,
  example: "main, feature/orders",
  typing: { type: "list", separator: ",", item: { type: "string" } },
  parse: (text) => {
    const given = text.startsWith("[") ? parseJsonTexts(text) : splitTexts(text);
    const names = given?.map(derivePreviewName);
    if (names === void 0 || names.length > MAX_NAMES2) return refuse();
    const known = names.filter((name) => name !== void 0);
    return known.length === names.length ? accept([...new Set(known)]) : refuse();
  }
};
function parseJsonTexts(text) {
  const value = parseJson2(text);
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  return Array.isArray(value) && texts.length === value.length ? texts : void 0;
}
function parseJson2(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function splitTexts(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const texts = lines.flatMap((line) => line.includes(",") ? [line, ...line.split(",")] : [line]);
  const names = texts.map((name) => name.trim()).filter((name) => /[^,\s]/.test(name));
  return names.length === 0 || names.some((name) => /^["'`-]|["'`]$/.test(name)) ? void 0 : names;
}
var group8 = "Previews";
var previewRows = {
  ttl: defineOptionalRow(duration("1s", "365d"), {
    name: "ttl",
    group: group8,
    description: "Makes the NATS cluster a preview: `prune` deletes it when this time has passed since its last `deploy`. `name` may then be any text, such as a branch name: an invalid name is converted to a valid one, returned as output `name`. Not allowed for a cluster that was deployed without `ttl`.",
    unset: "not a preview",
    guide: "docs/names.md#names-of-previews",
    commands: DEPLOYING
  }),
  keep: defineOptionalRow(previewNames, {
    name: "keep",
    group: group8,
    description: "Previews to keep, by `name` or by the branch that it was made from. Every other preview is deleted before its time. An empty JSON array (`[]`) keeps none.",
    unset: "only previews whose time has passed are deleted",
    commands: ["prune"]
  }),
  allNamespaces: defineRow(chunk_boolean, {
    name: "all-namespaces",
    group: group8,
    description: "Delete previews in every namespace in which the credentials allow it, not only in `namespace`.",
    default: "false",
    commands: ["prune"]
  })
};
function readTtl(valueOf) {
  return { ttlMs: valueOf(previewRows.ttl) };
}
function readPruning(valueOf) {
  return { keep: valueOf(previewRows.keep), allNamespaces: valueOf(previewRows.allNamespaces) };
}

// src/inputs/contradictions.ts
var UNISSUED = "client certificates are signed by the CA of the generated certificates";
var GENERATED_ONLY = [
  { row: certificateRows.caCertificate, because: "your own certificate is signed by the CA in its Secret" },
  { row: certificateRows.subjectAltNames, because: "additional names can be written into generated certificates only" },
  { row: certificateRows.clientVerify, because: UNISSUED },
  { row: certificateRows.clientCertificates, because: UNISSUED }
];
function findContradictions(inputs, isGiven) {
  return [
    ..."allow" in inputs ? findUnusedConsents(inputs) : [],
    ..."certificateValidityMs" in inputs ? checkValidities(inputs) : [],
    ...checkPlaces(isGiven),
    ...findHalfCa(isGiven),
    ...checkConfigurations(isGiven),
    ..."users" in inputs ? [
      ...findUserContradictions(inputs),
      ...findNameContradictions(inputs),
      ...findJetStreamContradictions(inputs, isGiven)
    ] : [],
    ...inputs.command === "render" ? findRenderContradictions(inputs, isGiven) : [],
    ...isGiven(certificateRows.serverTlsSecret) ? findUserSecretContradictions(inputs, isGiven) : []
  ];
}
function checkValidities({ certificateValidityMs, caValidityMs, renewBeforeMs }) {
  const { renewBefore, certificateValidity, caValidity } = certificateRows;
  const [validity, authority, renewal] = [certificateValidityMs, caValidityMs, renewBeforeMs].map(formatDuration);
  const found = [];
  if (renewBeforeMs >= certificateValidityMs) {
    const message = `got ${renewal}, expected less than \`certificate-validity\` (${validity}); otherwise a new certificate would be due as soon as it is issued`;
    const correction = formatWorkflowLine(renewBefore.name, formatDuration(certificateValidityMs / 3));
    found.push({
      violation: { input: renewBefore.name, message, correction },
      involves: [renewBefore, certificateValidity]
    });
  }
  if (certificateValidityMs > caValidityMs) {
    const message = `got ${validity}, expected at most \`ca-validity\` (${authority}), because a CA must outlive the certificates that it signs`;
    const correction = formatWorkflowLine(certificateValidity.name, formatDuration(caValidityMs));
    found.push({
      violation: { input: certificateValidity.name, message, correction },
      involves: [certificateValidity, caValidity]
    });
  }
  return found;
}
function findUnusedConsents({ command, allow }) {
  const used = allow.filter((consent) => commandsOf(consent).includes(command));
  const correction = used.length === 0 ? `# remove \`${consentRows.allow.name}\`` : formatWorkflowLine(consentRows.allow.name, used.join(", "));
  return allow.filter((consent) => !used.includes(consent)).map((consent) => {
    const owners = commandsOf(consent).map((owner) => `\`${owner}\``);
    const message = `\`command: ${command}\` does not use \`${consent}\`; it belongs to ${owners.join(", ")}`;
    return { violation: { input: consentRows.allow.name, message, correction }, involves: [consentRows.allow] };
  });
}
function findHalfCa(isGiven) {
  const involves = [certificateRows.caCertificate, certificateRows.caPrivateKey];
  const [missing, ...others] = involves.filter((row) => !isGiven(row));
  if (missing === void 0 || others.length > 0) return [];
  const other = missing === certificateRows.caCertificate ? certificateRows.caPrivateKey : certificateRows.caCertificate;
  const message = `got nothing, expected a value, because \`${other.name}\` is set and a CA signs with both`;
  const correction = formatWorkflowLine(missing.name, findExample(missing));
  return [{ violation: { input: missing.name, message, correction }, involves }];
}
function checkPlaces(isGiven) {
  const { allNamespaces } = previewRows;
  const { namespace } = targetRows;
  if (!isGiven(allNamespaces) || !isGiven(namespace)) return [];
  const message = `got both \`${allNamespaces.name}\` and \`${namespace.name}\`, expected only one of them`;
  const correction = `# remove \`${allNamespaces.name}\` or \`${namespace.name}\``;
  return [{ violation: { input: allNamespaces.name, message, correction }, involves: [allNamespaces, namespace] }];
}
function checkConfigurations(isGiven) {
  const { config, configFile } = configurationRows;
  if (!isGiven(config) || !isGiven(configFile)) return [];
  const message = `got both \`${configFile.name}\` and \`${config.name}\`, expected only one of them`;
  const correction = `# remove \`${configFile.name}\` or \`${config.name}\``;
  return [{ violation: { input: configFile.name, message, correction }, involves: [config, configFile] }];
}
function findUserSecretContradictions(inputs, isGiven) {
  const asksForNone = "clientVerify" in inputs && inputs.clientVerify === "none";
  return GENERATED_ONLY.filter(({ row }) => isGiven(row) && !(row === certificateRows.clientVerify && asksForNone)).map(
    reportNotGenerated
  );
}
function reportNotGenerated({ row, because }) {
  const { serverTlsSecret } = certificateRows;
  return {
    violation: {
      input: row.name,
      message: `got both \`${row.name}\` and \`${serverTlsSecret.name}\`, expected only one of them: ${because}`,
      correction: `# remove \`${row.name}\` or \`${serverTlsSecret.name}\``
    },
    involves: [row, serverTlsSecret]
  };
}
function findUserContradictions({ users, clientUser, clientVerify }) {
  const found = users.flatMap(({ user, password: password2 }, index) => {
    const correction = formatWorkflowLine(credentialRows.users.name, findExample(credentialRows.users));
    const wrong = (message2, other) => ({
      violation: { input: credentialRows.users.name, message: message2, correction },
      involves: [credentialRows.users, other]
    });
    if (isGenerationOf(user, clientUser)) {
      const message2 = `user ${index + 1} has the name \`${user}\`, which \`client-user\` has now or gets in a rotation, expected another name`;
      return [wrong(message2, credentialRows.clientUser)];
    }
    const needsPassword = password2 === void 0 && clientVerify !== "verify-and-map";
    const message = `user ${index + 1} (\`${user}\`) has no \`password\`, expected one: only with \`client-verify: verify-and-map\` can a certificate replace the password`;
    return needsPassword ? [wrong(message, certificateRows.clientVerify)] : [];
  });
  return found.slice(0, 10);
}

// src/inputs/rows/logging.ts
var group9 = "Logging and limits";
var commands6 = DESCRIBING_COMMANDS;
var MIN_CONNECTIONS = 4;
var MIN_CONTROL_LINE_BYTES = 512;
var MAX_PAYLOAD_BYTES = 64 * 1024 ** 2;
var loggingRows = {
  debug: defineRow(chunk_boolean, {
    name: "debug",
    group: group9,
    description: "Flag `debug` of nats-server. It does not change the log of this action.",
    default: "false",
    commands: commands6
  }),
  trace: defineRow(chunk_boolean, {
    name: "trace",
    group: group9,
    description: "Flag `trace` of nats-server: it logs every protocol message.",
    default: "false",
    commands: commands6
  }),
  logtime: defineRow(chunk_boolean, {
    name: "logtime",
    group: group9,
    description: "Flag `logtime` of nats-server: a timestamp on every log line.",
    default: "true",
    commands: commands6
  }),
  maxConnections: defineOptionalRow(integer(MIN_CONNECTIONS, 1e6), {
    name: "max-connections",
    group: group9,
    description: "Maximum number of client connections to one server. The action itself needs three connections.",
    unset: "nats-server's default",
    commands: commands6
  }),
  maxControlLine: defineOptionalRow(size(MIN_CONTROL_LINE_BYTES, 1024 ** 2), {
    name: "max-control-line",
    group: group9,
    description: "Maximum length of a protocol line, in bytes.",
    unset: "nats-server's default",
    commands: commands6
  }),
  maxPayload: defineOptionalRow(size(1024, MAX_PAYLOAD_BYTES), {
    name: "max-payload",
    group: group9,
    description: "Maximum size of a message, in bytes or as `64KB`, `1MB`.",
    unset: "nats-server's default",
    commands: commands6
  }),
  writeDeadline: defineOptionalRow(duration("1s", "10m"), {
    name: "write-deadline",
    group: group9,
    description: "How long a write to a client may block.",
    unset: "nats-server's default",
    commands: commands6
  })
};
function readLogging(valueOf) {
  return {
    debug: valueOf(loggingRows.debug),
    trace: valueOf(loggingRows.trace),
    logtime: valueOf(loggingRows.logtime),
    maxConnections: valueOf(loggingRows.maxConnections),
    maxControlLineBytes: valueOf(loggingRows.maxControlLine),
    maxPayloadBytes: valueOf(loggingRows.maxPayload),
    writeDeadlineMs: valueOf(loggingRows.writeDeadline)
  };
}

// src/inputs/rows/report.ts
var MAX_BYTES3 = 65536;
var script = {
  expected: `a script of bash of at most ${MAX_BYTES3} bytes`,
  example: "nats server check connection",
  typing: { type: "string" },
  parse: (text) => Buffer.byteLength(text) <= MAX_BYTES3 && !text.includes("\0") ? accept(text.replaceAll("\r\n", "\n")) : refuse()
};
var group10 = "Waiting and report";
var reportRows = {
  timeout: defineRow(duration("10s", "24h"), {
    name: "timeout",
    group: group10,
    description: "Deadline for the whole step, including the wait for another run. A rollback gets the same time again.",
    default: "10m",
    commands: CLUSTER_COMMANDS
  }),
  rollbackOnFailure: defineRow(chunk_boolean, {
    name: "rollback-on-failure",
    group: group10,
    description: "If the deployment fails, restore the last verified state. The rollback may take up to `timeout` again. The step still fails.",
    default: "false",
    commands: DEPLOYING
  }),
  smokeTest: defineOptionalRow(script, {
    name: "smoke-test",
    group: group10,
    description: "Script of bash (`-eo pipefail`) that runs when everything is verified, with a TLS connection to the servers: `NATS_URL`, `NATS_CA`, `NATS_USER`, `NATS_PASSWORD` and, unless `client-verify` is `none`, `NATS_CERT` and `NATS_KEY` (paths), as the `nats` command reads them. The step fails if the script exits with a code other than 0.",
    unset: "no script",
    commands: [...DEPLOYING, "rotate"]
  }),
  summary: defineRow(chunk_boolean, {
    name: "summary",
    group: group10,
    description: "Write the job summary.",
    default: "true",
    commands: COMMANDS
  })
};
function readRollback(valueOf) {
  return { rollbackOnFailure: valueOf(reportRows.rollbackOnFailure) };
}
function readSmokeTest(valueOf) {
  return { smokeTest: valueOf(reportRows.smokeTest) };
}
function readReport(valueOf) {
  return { timeoutMs: valueOf(reportRows.timeout), ...readSummary(valueOf) };
}
function readSummary(valueOf) {
  return { summary: valueOf(reportRows.summary) };
}

// src/inputs/rows/rotation.ts
var group11 = "Certificates";
var commands7 = ["rotate"];
var ROTATE_TARGETS = ["certificates", "route-ca", "ca", "credentials", "all"];
var words = choice(ROTATE_TARGETS);
var target = {
  ...words,
  parse: (text) => text === "leaves" ? refuse({ suggestion: "certificates" }) : words.parse(text)
};
var rotationRows = {
  rotateTargets: defineRow(list(target), {
    name: "rotate-targets",
    group: group11,
    description: "What to replace: `certificates` (every server, route and client certificate), `route-ca` (the CA of the routes), `ca` (the CA that clients trust), `credentials` (the client user; with `allow: outage` also the route password), or `all`. Certificates and CAs are replaced when they are due or forced. Credentials are never due: they are replaced only with `force: true`, or with another `client-password` or `route-password`. Another password is refused if this input leaves out `credentials`.",
    default: "all",
    commands: commands7
  }),
  force: defineRow(chunk_boolean, {
    name: "force",
    group: group11,
    description: "Replace the targets of `rotate-targets` now, whether they are due or not.",
    default: "false",
    commands: commands7
  })
};
function readRotation(valueOf) {
  return { rotateTargets: valueOf(rotationRows.rotateTargets), force: valueOf(rotationRows.force) };
}

// src/inputs/inputs.ts
function readDescription(valueOf) {
  return {
    ...readCluster(valueOf),
    ...readJetstream(valueOf),
    ...readCredentials2(valueOf),
    ...readUsers2(valueOf),
    ...readLogging(valueOf),
    ...readIssuance(valueOf),
    ...readCertificates(valueOf),
    ...readConfigurationInputs(valueOf),
    ...readFiles2(valueOf)
  };
}
function readDeployment(valueOf) {
  return {
    ...readTarget2(valueOf),
    ...readCreation(valueOf),
    ...readDescription(valueOf),
    ...readTtl(valueOf),
    ...readConsent(valueOf),
    ...readRollback(valueOf),
    ...readSmokeTest(valueOf),
    ...readReport(valueOf)
  };
}
var readers = {
  deploy: (valueOf) => ({ command: "deploy", ...readDeployment(valueOf) }),
  plan: (valueOf) => ({ command: "plan", ...readDeployment(valueOf) }),
  verify: (valueOf) => ({ command: "verify", ...readTarget2(valueOf), ...readRenewal(valueOf), ...readReport(valueOf) }),
  rotate: (valueOf) => ({
    command: "rotate",
    ...readTarget2(valueOf),
    ...readCredentials2(valueOf),
    ...readIssuance(valueOf),
    ...readRotation(valueOf),
    ...readConsent(valueOf),
    ...readSmokeTest(valueOf),
    ...readReport(valueOf)
  }),
  delete: (valueOf) => ({ command: "delete", ...readTarget2(valueOf), ...readConsent(valueOf), ...readReport(valueOf) }),
  prune: (valueOf) => ({
    command: "prune",
    ...readNamespace(valueOf),
    ...readPruning(valueOf),
    ...readConsent(valueOf),
    ...readReport(valueOf)
  }),
  render: (valueOf) => ({
    command: "render",
    ...readPlace(valueOf),
    ...readDescription(valueOf),
    ...readRendering(valueOf),
    ...readConsent(valueOf),
    ...readSummary(valueOf)
  })
};
var inputTable = [
  targetRows,
  clusterRows,
  jetstreamRows,
  credentialRows,
  loggingRows,
  certificateRows,
  configurationRows,
  fileRows,
  rotationRows,
  renderingRows,
  previewRows,
  consentRows,
  reportRows
].flatMap((rows) => Object.values(rows));

// src/inputs/parse.ts
function parseInputs(raw) {
  const given = trimTexts(raw);
  const valueOf = createValueReader(given);
  return checkInputs(readers[valueOf(targetRows.command)](valueOf), given);
}
function parseDeployInputs(raw) {
  const given = trimTexts(raw);
  return checkInputs(readers.deploy(createValueReader(given)), given);
}
function wantsSummary(raw) {
  return createValueReader(trimTexts(raw))(reportRows.summary);
}
function readGivenText(row, raw) {
  const text = raw.get(row.name)?.trim() ?? "";
  return text === "" || text === row.default ? void 0 : text;
}
function createValueReader(given) {
  return (row) => {
    const text = given.get(row.name);
    const parsed = text === void 0 ? void 0 : row.grammar.parse(text);
    return parsed?.kind === "accepted" ? parsed.value : row.absent;
  };
}
function checkInputs(inputs, given) {
  const single = [...findMisspeltNames(given), ...inputTable.flatMap((row) => checkRow(row, given, inputs.command))];
  const wrong = new Set(single.map(({ input }) => input));
  const isGiven = (row) => readGivenText(row, given) !== void 0;
  const isKnown = (row) => "replicas" in inputs || isGiven(row) || !isKept(row);
  const combined = findContradictions(inputs, isGiven).filter(({ involves }) => involves.every((row) => isKnown(row) && !wrong.has(row.name))).map(({ violation }) => violation);
  const violations = [...single, ...combined];
  if (violations.length > 0) throw createInputError(violations);
  return inputs;
}
function findInputSecrets(raw) {
  return [...trimTexts(raw)].flatMap(([name, text]) => {
    const secrets = findMeantRow(name)?.grammar.secrets?.(text) ?? [];
    return secrets.map((secret) => ({ text: secret, source: name }));
  });
}
function trimTexts(raw) {
  return new Map([...raw].map(([name, text]) => [name, text.trim()]).filter(([, text]) => text !== ""));
}
function checkRow(row, given, command) {
  const text = readGivenText(row, given);
  if (text === void 0) return [];
  const parsed = row.grammar.parse(text);
  if (parsed.kind === "refused") return parsed.violations ?? [refuseValue(row, text, parsed)];
  return row.commands.includes(command) ? [] : [refuseUnusedInput(row, command)];
}
function findMisspeltNames(given) {
  return [...given].flatMap(([written, value]) => {
    const row = findMeantRow(written);
    return row === void 0 || row.name === written ? [] : [refuseMisspeltName(written, value, row)];
  });
}
function findMeantRow(written) {
  const names = inputTable.map(({ name }) => name);
  const meant = names.find((name) => name === written) ?? findClosest(written, names);
  return inputTable.find(({ name }) => name === meant);
}
var FINDING = ["verify", "rotate", "delete"];
function deriveName(raw) {
  const text = raw.get(targetRows.name.name)?.trim() ?? "";
  const isPreview = (raw.get(previewRows.ttl.name)?.trim() ?? "") !== "";
  const isFinding = FINDING.includes(raw.get(targetRows.command.name)?.trim() ?? "");
  const derived = text !== "" && !isDeploymentName(text) && (isPreview || isFinding) ? derivePreviewName(text) : void 0;
  return derived === void 0 ? raw : new Map([...raw, [targetRows.name.name, derived]]);
}
function hideQuotedValue(violation) {
  const row = inputTable.find(({ name }) => name === violation.input);
  if (row === void 0 || !violation.message.startsWith('got "')) return violation;
  return {
    ...violation,
    message: `got a value that holds a secret, which is not shown here, expected ${row.grammar.expected}`,
    correction: formatWorkflowLine(row.name, findExample(row))
  };
}

// src/text/shorten.ts
var LONGEST_WORD = 256;
function shortenText(text, most) {
  if (text.length <= most) return text;
  const end = findBoundary(text, most);
  return `${text.slice(0, end)}${formatCutNote(text.length - end)}`;
}
var CUT = "…";
function formatCutNote(characters) {
  return `${CUT} (${characters} more characters)`;
}
function findBoundary(text, most) {
  for (let end = most; end > Math.max(0, most - LONGEST_WORD); end -= 1) {
    if (/\s/.test(text.charAt(end - 1)) || /\s/.test(text.charAt(end))) return end;
  }
  const last = text.charCodeAt(most - 1);
  return last >= 55296 && last <= 56319 ? most - 1 : most;
}

// src/text/markdown-escape.ts
var MAX_SHOWN = 16384;
var LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
var UNSHOWN = new RegExp("[^\\P{Cc}\\t]|\\p{Bidi_Control}", "gu");
var BREAK = "&#8203;";
var ESCAPES2 = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\\": "&#92;",
  "`": "&#96;",
  $: "&#36;",
  "*": "\\*",
  "~": "\\~",
  "[": "\\[",
  "]": "\\]",
  "|": "\\|",
  "#": "\\#"
};
var HTML_ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
function splitVisibleLines(text) {
  const lines = text.toWellFormed().split(LINE_END);
  return lines.map((line) => line.replaceAll(UNSHOWN, "�"));
}
function escapeInline(text) {
  const lines = splitVisibleLines(shortenText(text, MAX_SHOWN)).map((line) => line.trim());
  const kept = lines.filter((line, index) => line !== "" || lines[index - 1] !== "").map(escapeLine);
  const [before, after] = [/^\s/, /\s$/].map((space) => text.trim() !== "" && space.test(text) ? " " : "");
  return `${before}${kept.join("<br>")}${after}`;
}
function escapeLine(line) {
  const parts = line.split("`");
  const escaped = parts.map((part, index) => {
    if (index % 2 === 0) return escapeText(part);
    if (index === parts.length - 1) return `${ESCAPES2["`"]}${escapeText(part)}`;
    return part.trim() === "" ? `${ESCAPES2["`"]}${part}${ESCAPES2["`"]}` : formatCodeSpan(part);
  });
  const begins = /^(?:[-+](?:\s|$)|[-=]{2}|=$)/.test(line) ? "\\" : "";
  return `${begins}${escaped.join("")}`.replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}
function escapeText(text) {
  const signs = text.replaceAll(/[&<>\\$*_~[\]|#]/g, (sign, at) => escapeSign(sign, text, at));
  return breakReferences(signs);
}
function escapeSign(sign, text, at) {
  if (sign !== "_") return ESCAPES2[sign] ?? sign;
  return isAlphanumeric(text[at - 1]) && isAlphanumeric(text[at + 1]) ? "_" : "\\_";
}
function breakReferences(text) {
  return text.replaceAll(
    /@|(?<!&)#(?=\d)|:(?=\/\/|(?:[\w+-]|\\_){1,64}:)|www(?=\.)|(?<!\w)GH(?:SA)?(?=-\w)/gi,
    (part, at) => part !== ":" || startsReference(text.slice(at + 1, at + 130)) ? `${part}${BREAK}` : part
  );
}
function startsReference(after) {
  const [name = ""] = after.split(":", 1);
  return after.startsWith("//") || /[a-z]/i.test(name) || name === "100" || name === "1234";
}
function isAlphanumeric(character) {
  return character !== void 0 && /[A-Za-z0-9]/.test(character);
}
function formatCodeSpan(text) {
  const line = splitVisibleLines(shortenText(text, MAX_SHOWN)).join(" ");
  if (line.includes("|")) return `<code>${escapeText(line.replaceAll("`", "'"))}</code>`;
  const fence = "`".repeat(measureBackticks(line) + 1);
  const isPadded = line.startsWith(" ") && line.endsWith(" ") && line.trim() !== "";
  const space = line === "" || isPadded || line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}
function escapeHtml(text) {
  return breakReferences(escapeTags(splitVisibleLines(shortenText(text, MAX_SHOWN)).join(" ")));
}
function escapePreformatted(lines) {
  return lines.map((line) => shortenText(line, MAX_SHOWN)).flatMap(splitVisibleLines).map(escapeTags).join("\n");
}
function escapeTags(text) {
  return text.replaceAll(/[&<>"]/g, (character) => HTML_ESCAPES[character] ?? character);
}
function escapeLabel(text) {
  return splitVisibleLines(shortenText(text, MAX_SHOWN)).join(" ").replaceAll(/[^\p{L}\p{N} .,:?/×_-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
function measureBackticks(text) {
  let [longest, run] = [0, 0];
  for (const character of text) {
    run = character === "`" ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

// src/text/markdown.ts
var SafeMarkdown = class {
  #text;
  // The private field prevents every other object from having this type.
  constructor(text) {
    this.#text = text;
  }
  /** Returns the text for a reader of Markdown. */
  get text() {
    return this.#text;
  }
  get isEmpty() {
    return this.#text.trim() === "";
  }
  toString() {
    return this.#text;
  }
  toJSON() {
    return this.#text;
  }
};
var EMPTY = new SafeMarkdown("");
function md(template, ...parts) {
  return joinMarkdown(
    template.flatMap((literal, index) => [new SafeMarkdown(literal), convertToMarkdown(parts[index] ?? EMPTY)])
  );
}
function convertToMarkdown(part) {
  if (part instanceof SafeMarkdown) return part;
  return typeof part === "object" ? joinMarkdown(part) : new SafeMarkdown(escapeInline(String(part)));
}
function joinMarkdown(parts, separator = "") {
  return new SafeMarkdown(parts.map(({ text }) => text).join(separator));
}
function code(text) {
  return new SafeMarkdown(formatCodeSpan(text));
}
function strong(text) {
  const shown = escapeInline(text.trim());
  return shown === "" ? EMPTY : new SafeMarkdown(`**${shown}**`);
}
function block2(lines) {
  return lines.length === 0 ? EMPTY : new SafeMarkdown(`<pre>${escapePreformatted(lines)}</pre>
`);
}
var MARKS = /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)?|\b[crl]id:\d+/g;
function countRepeats(lines) {
  const groups = Map.groupBy(lines, (line) => line.replaceAll(MARKS, ""));
  return [...groups.values()].map(
    ([first = "", ...more]) => more.length === 0 ? first : `${first} (${more.length + 1} times)`
  );
}
function fenced(language, text) {
  const lines = splitVisibleLines(text).join("\n").trimEnd();
  const fence = "`".repeat(Math.max(3, measureBackticks(lines) + 1));
  return new SafeMarkdown(`${fence}${language}
${lines}
${fence}
`);
}
function folded(title, content, strong2) {
  if (content.isEmpty) return EMPTY;
  const shown = escapeHtml(title);
  const marked = strong2 === void 0 ? shown : shown.replace(escapeHtml(strong2), "<b>$&</b>");
  return new SafeMarkdown(`<details><summary>${marked}</summary>

${content.text}
</details>
`);
}
function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => convertToMarkdown(cell).text).join(" | ")} |
`;
  const rule = `| ${head.map(() => "---").join(" | ")} |
`;
  return rows.length === 0 ? EMPTY : new SafeMarkdown([line(head), rule, ...rows.map(line)].join(""));
}
var SHORTENED = "\n(shortened)";
function shortenMarkdown(document, mostBytes) {
  if (Buffer.byteLength(document) <= mostBytes) return document;
  const shown = [];
  let open = [];
  let left = mostBytes - Buffer.byteLength(SHORTENED);
  for (const line of document.split("\n")) {
    const after = findOpenParts(line, open);
    left -= Buffer.byteLength(line) + 1;
    if (left < Buffer.byteLength(after.join("\n")) + 1) break;
    shown.push(line);
    open = after;
  }
  return [...shown, ...open, SHORTENED].join("\n");
}
function findOpenParts(line, open) {
  const [closing = ""] = open;
  if (closing.startsWith("```")) return line === closing ? open.slice(1) : open;
  if (closing === "</pre>") return line.includes("</pre>") ? open.slice(1) : open;
  const fence = /^`{3,}/.exec(line)?.[0];
  if (fence !== void 0) return [fence, ...open];
  if (line.startsWith("<pre>")) return line.includes("</pre>") ? open : ["</pre>", ...open];
  if (line.startsWith("<details>")) return ["</details>", ...open];
  return line === "</details>" ? open.slice(1) : open;
}

// src/report/failure-impact.ts
var MAX_PODS = 30;
var MAX_NAMES3 = 9;
var WRITERS = ["deploy", "rotate"];
function renderState(outcome, pods = []) {
  const rows = pods.slice(0, MAX_PODS).map(({ name, ready, controllerRevision = "unknown" }) => [
    code(name),
    code(controllerRevision),
    ready ? "ready" : "not ready"
  ]);
  const safety = outcome === void 0 ? EMPTY : md`**Safe to leave:** ${outcome.safety}\n`;
  return joinMarkdown(
    [safety, table(["pod", "revision", "state"], rows)].filter(({ isEmpty }) => !isEmpty),
    "\n"
  );
}
function renderImpact(run, servers) {
  const sentences = [
    ...servers === void 0 ? [] : renderServers(servers),
    ...run === void 0 ? [] : renderOutcome(run)
  ];
  return sentences.length === 0 ? EMPTY : md`**Impact:** ${sentences.join(" ")}\n`;
}
function renderServers({ servers, pairs, pods }) {
  const { length } = servers;
  const connected = findConnected(servers, pairs);
  const cutOff = pairs.length === 0 ? [] : servers.filter((server) => !connected.includes(server));
  const ready = pods.filter((pod) => pod.ready).length;
  const why = cutOff.length > 0 && ready === length ? ", so Kubernetes does not restart any" : "";
  const names = cutOff.length <= MAX_NAMES3 ? cutOff.join(", ") : `${cutOff.length} servers`;
  return [
    ...pairs.length === 0 || length < 2 ? [] : renderConnected(connected.length, length),
    ...cutOff.length === 0 || connected.length < 2 ? [] : [`Not connected to the others: ${names}.`],
    ...pods.length === 0 ? [] : [`${ready} of ${length} pods are ready${why}.`]
  ];
}
function renderConnected(connected, servers) {
  if (connected < 2) return [`None of the ${servers} servers is connected to another one.`];
  return [`${connected} of ${servers} servers are connected to each other.`];
}
function findConnected(servers, pairs) {
  const routes = new Set(pairs.filter(({ connections }) => connections > 0).map(({ from, to }) => `${from} ${to}`));
  const isLinked = (one, other) => routes.has(`${one} ${other}`) && routes.has(`${other} ${one}`);
  let largest = [];
  const left = new Set(servers);
  for (const start of servers) {
    if (!left.delete(start)) continue;
    const group12 = [start];
    for (const member of group12) {
      const found = [...left].filter((server) => isLinked(member, server));
      found.forEach((server) => left.delete(server));
      group12.push(...found);
    }
    if (group12.length > largest.length) largest = group12;
  }
  return largest;
}
function renderOutcome({ command, outcome }) {
  const { hasBegun, changed, hasRollback, verified } = outcome;
  const count = `${changed.length} object${changed.length === 1 ? "" : "s"}`;
  const known = changed.length === 0 ? [] : [`This run changed ${count}.`];
  const early = changed.length === 0 ? "changed nothing" : `created ${changed.join(", ")} and changed nothing else`;
  return [
    ...hasBegun || !WRITERS.includes(command) ? known : [`This run ${early}.`],
    ...hasBegun && hasRollback === false ? ["Nothing is rolled back, because `rollback-on-failure` is off."] : [],
    ...verified === void 0 ? [] : [`The last successful verification was at ${formatDate(new Date(verified.at))}, by ${verified.by}.`]
  ];
}

// src/report/tables.ts
var KINDS3 = {
  server: "server",
  route: "routes",
  client: "clients",
  authority: "CAs"
};
function renderCertificates({ certificates, renewalDue, rotationPhase }, now) {
  const groups = Object.entries(KINDS3).map(([kind, title]) => ({
    title,
    ends: certificates.filter((certificate) => certificate.kind === kind).toSorted(compareByExpiry)
  }));
  const rows = groups.flatMap(({ title, ends }) => {
    const [first] = ends;
    return first === void 0 ? [] : [[`${title} (${ends.length})`, formatDate(first.notAfter), renderRemainingTime(first.notAfter, now)]];
  });
  const due = [strong("next renewal"), formatDate(renewalDue), renderRemainingTime(renewalDue, now)];
  const phase = rotationPhase === "idle" ? EMPTY : md`\nA rotation is under way: phase ${code(rotationPhase)}.\n`;
  const all = certificates.toSorted(compareByExpiry).map(({ kind, name, notAfter }) => [
    `${kind === "authority" ? "CA" : kind} ${name}`,
    formatDate(notAfter),
    formatDistance(notAfter, now)
  ]);
  return md`${table(["certificates", "first expires", "left"], [...rows, due])}${phase}
${folded(`Every certificate (${all.length})`, table(["certificate", "expires", "left"], all))}`;
}
function compareByExpiry(one, other) {
  return one.notAfter.getTime() - other.notAfter.getTime();
}
function renderRemainingTime(date, now) {
  const text = formatDistance(date, now);
  return date.getTime() - now.getTime() < WEEK_MS ? md`⚠️ ${strong(text)}` : text;
}
var WEEK_MS = 7 * 24 * 60 * 6e4;
function buildMeshRows({ servers, pairs }) {
  const counts = countConnections(pairs);
  const header = ["server", ...servers];
  const rows = servers.map((server) => [
    server,
    ...servers.map((peer) => peer === server ? "–" : String(counts.get(server)?.get(peer) ?? 0))
  ]);
  return [header, ...rows];
}
function renderMeshText(mesh) {
  const rows = buildMeshRows(mesh);
  const widths = (rows[0] ?? []).map((_2, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    (row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
}
function renderMeshMarkdown(mesh) {
  const [header = [], ...rows] = buildMeshRows(mesh);
  const marked = rows.map(([server = "", ...counts]) => [
    strong(server),
    ...counts.map((count) => count === "0" ? "❌ 0" : count)
  ]);
  return table(header, marked);
}
function countConnections(pairs) {
  const counts = /* @__PURE__ */ new Map();
  for (const { from, to, connections } of pairs) {
    const peers = counts.get(from) ?? /* @__PURE__ */ new Map();
    counts.set(from, peers.set(to, connections));
  }
  return counts;
}
function renderPhases(phases) {
  const longest = Math.max(1, ...phases.map(({ ms }) => ms));
  const rows = phases.map(({ name, ms }) => [
    name,
    formatElapsed(ms),
    "█".repeat(Math.round(ms / longest * BAR_LENGTH))
  ]);
  const total = phases.reduce((sum, { ms }) => sum + ms, 0);
  return folded(`Timings: ${formatElapsed(total)}`, table(["phase", "took", ""], rows));
}
var BAR_LENGTH = 20;
var MAX_SERVERS2 = 9;
var MAX_MISSING = 40;
function renderMeshDiagram(servers, pairs) {
  const counts = new Map(pairs.map(({ from, to, connections }) => [`${from} ${to}`, connections]));
  const between = servers.flatMap((from, index) => servers.slice(index + 1).map((to) => buildLink(counts, from, to)));
  const missing = between.filter(({ isWhole }) => !isWhole);
  const shown = servers.length <= MAX_SERVERS2 ? between : missing.slice(0, MAX_MISSING);
  const named = new Set(servers.length <= MAX_SERVERS2 ? servers : shown.flatMap(({ from, to }) => [from, to]));
  const numbers = new Map(servers.map((server, index) => [server, index]));
  const node = (server) => `n${numbers.get(server) ?? ""}`;
  const rest = servers.length - named.size;
  const red = shown.flatMap(({ isWhole }, index) => isWhole ? [] : [index]);
  return [
    "flowchart LR",
    ...[...named].map((server) => `  ${node(server)}(["${escapeLabel(server)}"])`),
    ...rest === 0 ? [] : [`  others(["${renderRest(rest, named.size)}"])`],
    ...shown.map(
      ({ from, to, text, isWhole }) => `  ${node(from)} ${isWhole ? "<-->" : "<-.->"}|"${text}"| ${node(to)}`
    ),
    ...red.length === 0 ? [] : [`  linkStyle ${red.join(",")} stroke:#d1242f,color:#d1242f`],
    ""
  ].join("\n");
}
function buildLink(counts, from, to) {
  const [there, back] = [counts.get(`${from} ${to}`), counts.get(`${to} ${from}`)];
  const text = there === back ? String(there ?? "?") : `${there ?? "?"} / ${back ?? "?"}`;
  return { from, to, text: text === "0" ? "none" : text, isWhole: Number(there) > 0 && Number(back) > 0 };
}
function renderRest(rest, shown) {
  return shown === 0 ? `${rest} servers, all connected to each other` : `${rest} more servers, all connected to each other`;
}

// src/report/failure-summary.ts
function createPlainFailure(error) {
  return { error, run: void 0, diagnosis: void 0 };
}
var MAX_PROBLEMS = 30;
var MAX_EVIDENCE = 15;
var MAX_DRAWN = 9;
function renderFailureSummary({ error, run, diagnosis }) {
  const subject = run?.name === void 0 ? EMPTY : md`NATS cluster ${code(run.name)}: `;
  const isCancelled = error.code === "CANCELLED";
  const parts = [
    md`## ${isCancelled ? "🚫" : "❌"} ${subject}${renderTitle(error)}\n`,
    md`**${isCancelled ? "Stopped" : "Cause"}:** ${renderText(selectMessage(error))}`,
    renderCulprit(error),
    renderProblems(error),
    isCancelled ? renderState(run?.outcome, diagnosis?.pods) : renderImpact(run, diagnosis),
    renderNext(error.hint),
    renderEvidence(error),
    run === void 0 ? EMPTY : md`${code(`command: ${run.command}`)} in ${renderPlace(run)}. ${run.outcome.end}\n`,
    run?.cluster === void 0 ? EMPTY : md`${run.cluster}\n`,
    md`See ${code(errorPage(error))}.\n`,
    diagnosis === void 0 ? EMPTY : renderDiagnosis(error, diagnosis),
    run === void 0 ? EMPTY : renderPhases(run.phases)
  ];
  return joinMarkdown(
    parts.filter(({ isEmpty }) => !isEmpty),
    "\n"
  );
}
function renderPlace({ namespace }) {
  return namespace === void 0 ? md`all namespaces` : md`namespace ${code(namespace)}`;
}
function renderTitle({ code: code2, reason }) {
  return reason === void 0 ? code2 : `${code2} (${reason})`;
}
function renderAnnotation(error, place) {
  const lines = [error.message, error.hint, `See ${errorPage(error)}`];
  return [...lines, ...place === void 0 ? [] : [describePlace(place)]].join("\n");
}
function describePlace({ name, namespace }) {
  const subject = name === void 0 ? "previews" : `NATS cluster ${name}`;
  return `${subject} in ${namespace === void 0 ? "all namespaces" : `namespace ${namespace}`}`;
}
function errorPage({ code: code2, reason }) {
  const isOurs = reason !== void 0 && code2 !== "APPLY_REJECTED";
  const word = isOurs ? reason.replace(/^Http\d+$/, "httpstatus").toLowerCase() : code2.toLowerCase();
  return `docs/errors.md#${isOurs ? "reason-" : ""}${word}`;
}
function renderText(text) {
  const [first = "", ...rest] = text.split("\n");
  const laidOut = rest.join("\n").trimEnd();
  return md`${first}\n${laidOut === "" ? EMPTY : md`\n${fenced("yaml", laidOut)}`}`;
}
var EXPLANATION = /^(?:All|An?|Each|Every|It|No|Nothing|Otherwise|Some|That|The|These|They|This)\b/;
function renderNext(hint) {
  const sentences = hint.split(/(?<=[.!?]) (?=[A-Z\x60])/);
  const first = sentences.findIndex((sentence) => !EXPLANATION.test(sentence));
  const steps = [];
  for (const sentence of sentences.slice(Math.max(0, first))) {
    if (steps.length > 0 && EXPLANATION.test(sentence)) steps.push(`${steps.pop() ?? ""} ${sentence}`);
    else steps.push(sentence);
  }
  if (hint.includes("\n") || steps.length < 2) return md`**Next:** ${renderText(hint)}`;
  const before = sentences.slice(0, first).join(" ");
  const list3 = joinMarkdown(steps.map((step, index) => md`${index + 1}. ${step}\n`));
  return md`**Next:**${before === "" ? "" : ` ${before}`}\n\n${list3}`;
}
function selectMessage({ message, details }) {
  if ("violations" in details) return message.split("\n")[0] ?? "";
  if (!("problems" in details) || details.problems.length < 2) return message;
  const repeated = details.problems.map((problem) => problem.message).join("; ");
  return message.replace(`${repeated}; `, "").replace(repeated, "") || `${details.problems.length} problems:`;
}
function renderCulprit({ message, details }) {
  const [problem, ...others] = "problems" in details ? details.problems : [];
  if (problem === void 0 || others.length > 0) return EMPTY;
  return message.includes(problem.object.replace(/^\w+\//, "")) ? EMPTY : md`**Where:** ${code(problem.object)}\n`;
}
function renderProblems({ details }) {
  if ("violations" in details) {
    const row2 = ({ input, message }) => [code(input), message];
    return table(["input", "problem"], details.violations.slice(0, MAX_PROBLEMS).map(row2));
  }
  if (!("problems" in details) || details.problems.length < 2) return EMPTY;
  const row = ({ object, reason, message }) => [code(object), reason, message];
  const rows = details.problems.slice(0, MAX_PROBLEMS).map(row);
  const more = details.problems.length - rows.length;
  return md`${table(["object", "reason", "problem"], rows)}${more > 0 ? md`\n${more} more problems are in ${code("report.json")}.\n` : EMPTY}`;
}
var evidenceOf = ({ details }) => "evidence" in details ? details.evidence ?? [] : [];
function renderEvidence(error) {
  const evidence = evidenceOf(error).slice(0, MAX_EVIDENCE);
  return evidence.length === 0 ? EMPTY : md`**Evidence:**\n\n${block2(countRepeats(evidence))}`;
}
function renderDiagnosis(error, diagnosis) {
  const isSame2 = diagnosis.reason !== void 0 && diagnosis.reason === error.reason;
  const isShownAbove = isSame2 && evidenceOf(error).length > 0;
  const isRelevant = error.code !== "CANCELLED" || diagnosis.reason !== void 0;
  const root = isShownAbove || !isRelevant ? EMPTY : md`${diagnosis.root}\n`;
  const mesh = renderMesh(error, diagnosis);
  const title = root.isEmpty && mesh.isEmpty ? md`### Details` : md`### Diagnosis`;
  return md`${title}\n\n${root}${mesh.isEmpty && !diagnosis.mesh.isEmpty ? md`${diagnosis.mesh}\n` : mesh}${diagnosis.rest}`;
}
function renderMesh({ code: code2 }, { servers, pairs }) {
  const isAbout = code2 === "MESH_INCOMPLETE" || code2 === "WAIT_TIMEOUT" || code2 === "DRIFT";
  const isShown = isAbout && pairs.length > 0 && servers.length > 1 && servers.length <= MAX_DRAWN;
  return isShown ? md`${fenced("mermaid", renderMeshDiagram(servers, pairs))}\n` : EMPTY;
}
function renderFailureJson({ error, run, diagnosis }) {
  const { code: code2, reason, message, hint, details } = error;
  const result = code2 === "CANCELLED" ? "cancelled" : "failed";
  const mesh = diagnosis && { servers: diagnosis.servers, pairs: diagnosis.pairs };
  const { outcome, ...facts } = run ?? {};
  const impact = outcome && { changedObjects: outcome.changed, lastVerified: outcome.verified };
  const report = { result, error: { code: code2, reason, message, hint, details }, ...facts, ...impact, ...mesh };
  return `${JSON.stringify(report, void 0, 2)}
`;
}

// src/runner/redacted-error.ts
function redactError(error, change) {
  const { code: code2, reason, message, hint, details, cause } = error;
  const redacted = new ActionError(code2, change(message), {
    hint: change(hint),
    details: changeTexts(details, change),
    ...reason === void 0 ? {} : { reason: change(reason) },
    ...cause === void 0 ? {} : { cause: redactCause(cause, change) }
  });
  return copyStack(redacted, error, change);
}
function redactCause(cause, change) {
  if (isActionError(cause)) return redactError(cause, change);
  if (!Error.isError(cause)) return void 0;
  const redacted = new Error(change(cause.message), { cause: redactCause(cause.cause, change) });
  redacted.name = cause.name;
  return copyStack(redacted, cause, change);
}
function copyStack(redacted, { stack }, change) {
  if (stack !== void 0) redacted.stack = change(stack);
  return redacted;
}
function changeTexts(value, change) {
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  const copy = Object.assign(Array.isArray(value) ? [] : {}, value);
  for (const [key, inner] of Object.entries(value)) Reflect.set(copy, key, changeText(inner, change));
  return copy;
}
function changeText(value, change) {
  if (typeof value === "string") return change(value);
  return isActionError(value) ? redactError(value, change) : changeTexts(value, change);
}
function isPlain(value) {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

// src/runner/failure.ts
var BUG_HINT = "This is a defect of the action. Run the job again with debug logging and report the stack trace of the debug log.";
function reportFailure(error, runner) {
  const failure = redactFailure(toActionError(error), runner);
  for (let cause = failure.cause; Error.isError(cause); cause = cause.cause) {
    runner.debug(cause.stack ?? cause.message);
  }
  runner.error(renderTitle(failure), renderAnnotation(failure, runner.place()), locateFault(failure, runner));
  runner.setOutput("result", failure.code === "CANCELLED" ? "cancelled" : "failed");
  runner.setOutput("error-code", failure.code);
  if (failure.reason !== void 0) runner.setOutput("error-reason", failure.reason);
  if (!runner.hasReported()) {
    writeFailure(createPlainFailure(failure), [], runner);
  }
}
function writeFailure(failure, files, runner) {
  const report = { ...failure, error: redactFailure(failure.error, runner) };
  const folder = runner.writeReport([{ name: "report.json", text: renderFailureJson(report) }, ...files]);
  if (folder !== void 0) {
    runner.setOutput("report", folder);
  }
  if (wantsSummary(runner.inputs)) {
    runner.writeSummary(renderFailureSummary(report).text);
  }
}
function redactFailure(error, { redact, inputs }) {
  const holdsSecret = (input) => {
    const text = inputs.get(input) ?? "";
    return redact(text) !== text;
  };
  return redactError(omitSecretValues(error, holdsSecret), (text) => shortenText(redact(text), MAX_TEXT));
}
var MAX_TEXT = 16384;
function omitSecretValues(error, holdsSecret) {
  if (!hasCode(error, "INPUT_INVALID")) return error;
  const { violations } = error.details;
  const shown = violations.map((violation) => holdsSecret(violation.input) ? hideQuotedValue(violation) : violation);
  const isOurs = createInputError(violations).message === error.message;
  return isOurs && shown.some((violation, index) => violation !== violations[index]) ? createInputError(shown) : error;
}
function toActionError(error) {
  return isActionError(error) ? error : createInternalError(error);
}
function locateFault(failure, { inputs }) {
  const file = inputs.get("config-file")?.trim();
  if (!hasCode(failure, "INPUT_INVALID") || file === void 0 || file === "") return void 0;
  const at = failure.details.violations.find(({ input }) => input === "config-file")?.at;
  return at && { ...at, file: at.file === file ? file : (0,external_node_path_.join)((0,external_node_path_.dirname)(file), at.file) };
}
function createInternalError(cause) {
  const message = Error.isError(cause) ? `${cause.name}: ${cause.message}` : "a value that is not an Error was thrown";
  return new ActionError("INTERNAL", message, { hint: BUG_HINT, details: {}, cause });
}
function renderEnding(report, endingOf, { redact }) {
  let isRedacted = false;
  const redacted = changeTexts(report, (text) => {
    const shown = redact(text);
    isRedacted ||= shown !== text;
    return shown;
  });
  const ending = endingOf(report);
  return isRedacted ? { ...endingOf(redacted), outputs: ending.outputs } : ending;
}

// src/secrets/spans.ts
var MASK = "***";
function mergeSpans(spans) {
  const merged = [];
  for (const [from, to] of spans.toSorted(([left], [right]) => left - right)) {
    const last = merged.at(-1);
    if (last !== void 0 && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
function selectOutside(others, spans) {
  let next = 0;
  return spans.filter(([from, to]) => {
    while ((others[next]?.[1] ?? Number.POSITIVE_INFINITY) <= from) next += 1;
    const [start, end] = others[next] ?? [Number.POSITIVE_INFINITY, 0];
    return from < start || to > end;
  });
}
function maskSpans(text, spans, { most, length, mask = MASK }) {
  const end = length > most ? findBoundary(text, most) : text.length;
  const shown = [];
  let position = 0;
  for (const [from, to] of mergeSpans(spans)) {
    if (from >= end) break;
    shown.push(text.slice(position, from), mask);
    position = to;
  }
  if (position < end) shown.push(text.slice(position, end));
  if (length > most) shown.push(formatCutNote(length - Math.max(position, end)));
  return shown.join("");
}
var OPEN = "﷐";
var CLOSE = "﷑";
function markSpans({ text, spans }) {
  if (spans.length === 0) return text;
  const parts = [];
  let position = 0;
  for (const [from, to] of mergeSpans(spans)) {
    const lines = text.slice(from, to).replaceAll("\n", `${CLOSE}
${OPEN}`);
    parts.push(text.slice(position, from), OPEN, lines, CLOSE);
    position = to;
  }
  return `${parts.join("")}${text.slice(position)}`;
}
function isMarked(text) {
  return text.includes(OPEN) || text.includes(CLOSE);
}
function readMarks(marked) {
  if (!isMarked(marked)) return { text: marked, spans: [] };
  const parts = [];
  const spans = [];
  let length = 0;
  let openAt;
  for (const part of marked.split(/(?=[\ufdd0\ufdd1])/)) {
    const mark = part.charAt(0);
    const isMark = mark === OPEN || mark === CLOSE;
    const text2 = isMark ? part.slice(1) : part;
    if (mark === OPEN) openAt ??= length;
    if (mark === CLOSE && openAt !== void 0) {
      spans.push([openAt, length]);
      openAt = void 0;
    }
    parts.push(text2);
    length += text2.length;
  }
  const text = parts.join("");
  if (openAt !== void 0) {
    const cut = text.lastIndexOf(CUT);
    spans.push([openAt, cut < openAt ? length : cut]);
  }
  return { text, spans: joinOverLines(text, spans) };
}
function joinOverLines(text, spans) {
  const joined = [];
  for (const [from, to] of spans) {
    const last = joined.at(-1);
    if (last !== void 0 && from === last[1] + 1 && text[last[1]] === "\n") last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}

// src/secrets/key-blocks.ts
var CERTIFICATE_BEGIN = "-----BEGIN CERTIFICATE-----";
var CERTIFICATE_END = "-----END CERTIFICATE-----";
var BEGIN = "-----BEGIN ";
var END = "-----END ";
var LABEL2 = /(?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----/y;
var BEGIN_IN_BASE64 = "LS0tLS1CRUdJTi";
var HEAD = 80;
var SHORTEST_LINE = 16;
function findKeyBlocks(text) {
  const whole = findWholeBlocks(text);
  return [...whole, ...findEnds(text, whole), ...findBase64Blocks(text)];
}
function opensKey(text) {
  const last = findWholeBlocks(text).at(-1);
  return last !== void 0 && last[1] === text.length && !endsKey(text.slice(last[0]));
}
function endsKey(text) {
  for (let at = text.indexOf(END); at >= 0; at = text.indexOf(END, at + END.length)) {
    if (hasLabel(text, at + END.length)) return true;
  }
  return false;
}
function findCertificates(text) {
  const spans = [];
  for (let at = text.indexOf(CERTIFICATE_BEGIN); at >= 0; ) {
    const end = text.indexOf(CERTIFICATE_END, at);
    if (end < 0) return spans;
    spans.push([at, end]);
    at = text.indexOf(CERTIFICATE_BEGIN, end);
  }
  return spans;
}
function findWholeBlocks(text) {
  const spans = [];
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
    if (!hasLabel(text, at + BEGIN.length)) {
      at += BEGIN.length;
      continue;
    }
    const end = findEndOfBlock(text, at + BEGIN.length);
    spans.push([at, end]);
    at = end;
  }
  return spans;
}
function findEndOfBlock(text, from) {
  for (let at = text.indexOf(END, from); at >= 0; at = text.indexOf(END, at + END.length)) {
    if (hasLabel(text, at + END.length)) return LABEL2.lastIndex;
  }
  return text.length;
}
function findEnds(text, whole) {
  const spans = [];
  let floor = 0;
  let next = 0;
  for (let at = text.indexOf(END); at >= 0; at = text.indexOf(END, at + END.length)) {
    while ((whole[next]?.[1] ?? text.length) <= at) next += 1;
    const isKnown = at > (whole[next]?.[0] ?? text.length);
    if (!isKnown && hasLabel(text, at + END.length)) {
      const to = LABEL2.lastIndex;
      const from = findStartOfLines(text, at, floor);
      if (from < at) spans.push([from, to]);
    }
    floor = at + END.length;
  }
  return spans;
}
function findStartOfLines(text, end, floor) {
  let start = end;
  let isKey = false;
  for (let last = true; ; last = false) {
    let to = start;
    for (let size2 = countSpaceBefore(text, to); to > floor && size2 > 0; size2 = countSpaceBefore(text, to)) to -= size2;
    let from = to;
    while (from > floor && isBase64(text.charCodeAt(from - 1)) && countSpaceBefore(text, from) === 0) from -= 1;
    if (from === to || to - from < SHORTEST_LINE && !last) return isKey ? start : end;
    isKey ||= to - from >= SHORTEST_LINE;
    start = from;
  }
}
function countSpaceBefore(text, at) {
  if (isSpace2(text.charCodeAt(at - 1))) return 1;
  return ESCAPED.has(text.charCodeAt(at - 1)) && text[at - 2] === "\\" ? 2 : 0;
}
function findBase64Blocks(text) {
  const spans = [];
  for (let at = text.indexOf(BEGIN_IN_BASE64); at >= 0; at = text.indexOf(BEGIN_IN_BASE64, at)) {
    let end = at;
    while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
    if (Buffer.from(text.slice(at, at + HEAD), "base64").includes("PRIVATE KEY-----")) spans.push([at, end]);
    at = end;
  }
  return spans;
}
function hasLabel(text, at) {
  LABEL2.lastIndex = at;
  return LABEL2.test(text);
}
var BASE64 = new Set(
  Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-", (one) => one.charCodeAt(0))
);
var SPACES2 = new Set(Array.from(" 	\r\n", (one) => one.charCodeAt(0)));
var ESCAPED = new Set(Array.from("nrt", (one) => one.charCodeAt(0)));
var URL_ENDS = new Set(Array.from(" 	\r\n\"'\\<>`", (one) => one.charCodeAt(0)));
function isBase64(code2) {
  return BASE64.has(code2);
}
function isSpace2(code2) {
  return SPACES2.has(code2);
}
function isUrlEnd(code2) {
  return URL_ENDS.has(code2);
}

// src/secrets/key-lines.ts
var COLUMNS = 40;
var MAX_LINES = 200;
var LineBlocks = class {
  #show;
  #held = [];
  constructor(show) {
    this.#show = show;
  }
  add(line) {
    this.#held.push(line);
    if (this.#held.length >= MAX_LINES || !endsInBase64(readMarks(line).text)) this.end();
  }
  /** Shows the lines that are still held. */
  end() {
    if (this.#held.length > 0) this.#show(this.#held.splice(0).join("\n"));
  }
};
function endsInBase64(line) {
  if (line.length < COLUMNS) return false;
  const last = line.trimEnd().slice(-COLUMNS);
  return [/^[A-Za-z0-9+/=_-]{40}$/, /[A-Z]/, /[a-z]/, /\d/].every((part) => part.test(last));
}
var MAX_CHARACTERS4 = 4096;
var KeyLines = class {
  /** The number of lines that the present key may still have. */
  #left = 0;
  /** Returns the next line, marked if it belongs to a key. */
  read(line) {
    const { text } = readMarks(line);
    const isOfKey2 = this.#isInKey(text);
    if (opensKey(text)) this.#left = MAX_LINES;
    return { text: isOfKey2 ? markSpans({ text, spans: [[0, text.length]] }) : line, isOfKey: isOfKey2 };
  }
  #isInKey(text) {
    const isEnd = endsKey(text);
    const isInside = this.#left > 0 && (isEnd || isOfKey(text));
    this.#left = isInside && !isEnd ? this.#left - 1 : 0;
    return isInside;
  }
};
function isOfKey(line) {
  const text = line.slice(0, MAX_CHARACTERS4).trim();
  const last = text.split(/\s/).at(-1) ?? "";
  return /^[A-Za-z0-9+/=]*$/.test(text) || /^[A-Za-z0-9+/=]{16,}$/.test(last) || /^(?:Proc-Type|DEK-Info):/.test(text);
}

// src/secrets/prefix-tree.ts
var STRIDE = 8;
var PrefixTree = class {
  #root = createNode();
  add(text) {
    let node = this.#root;
    let at = 0;
    for (; at + STRIDE <= text.length; at += STRIDE) {
      const step = text.slice(at, at + STRIDE);
      const next = node.next.get(step) ?? createNode();
      node.next.set(step, next);
      node = next;
    }
    const tail = text.slice(at);
    if (tail === "") node.isEnd = true;
    else node.tails.set(tail.length, (node.tails.get(tail.length) ?? /* @__PURE__ */ new Set()).add(tail));
  }
  /** Checks whether the part between the positions is the beginning of one of the texts. */
  hasBeginning(text, start, end) {
    let node = this.#root;
    let at = start;
    for (; at + STRIDE <= end; at += STRIDE) {
      const next = node.next.get(text.slice(at, at + STRIDE));
      if (next === void 0) return false;
      node = next;
    }
    const rest = text.slice(at, end);
    const ahead = [...node.next.keys(), ...[...node.tails.values()].flatMap((tails) => [...tails])];
    return ahead.some((step) => step.startsWith(rest));
  }
  /** Returns the length of the longest text that begins at a position; 0 if none does. */
  measureLongest(text, start) {
    let longest = 0;
    let at = start;
    for (let node = this.#root; node !== void 0; at += STRIDE) {
      if (node.isEnd) longest = at - start;
      for (const [length, tails] of node.tails) {
        if (at + length - start > longest && tails.has(text.slice(at, at + length))) longest = at + length - start;
      }
      node = node.next.get(text.slice(at, at + STRIDE));
    }
    return longest;
  }
};
function createNode() {
  return { isEnd: false, tails: /* @__PURE__ */ new Map(), next: /* @__PURE__ */ new Map() };
}

// src/secrets/form-index.ts
var SHORTEST_FORM = 4;
var LONG_FORM = 64;
var SEED2 = 16;
var MIN_PART = 24;
var STRIDE2 = MIN_PART - SEED2;
var MAX_OF_SEED = 4;
var MIN_END = 8;
var SHORT = 1;
var SEEDED = 2;
var HEAD2 = 4;
var FormIndex = class {
  #short = new PrefixTree();
  /** The beginnings of the long forms. */
  #heads = new PrefixTree();
  /** The ends of all forms, reversed. */
  #backwards = new PrefixTree();
  #seeds = /* @__PURE__ */ new Map();
  /** The table that shows, by a hash of four characters, whether a form may begin at a position. */
  #gate = new Uint8Array(2 ** 16);
  /**
   * Adds a form to find. Parts of the form that `open` contains are public: they are found only together with other
   * parts.
   */
  add(form, open = []) {
    if (form.length < SHORTEST_FORM) return;
    if (form.length < LONG_FORM) this.#addShort(form);
    else this.#addLong(form, open);
  }
  /** Returns the positions of the forms in the text; they may overlap. */
  findSpans(text) {
    const spans = [];
    let covered = 0;
    for (let at = 0; at + SHORTEST_FORM <= text.length; at += 1) {
      const gate = this.#gate[computeHash(text, at)] ?? 0;
      if (gate === 0) continue;
      const length = (gate & SHORT) === 0 ? 0 : this.#short.measureLongest(text, at);
      if (length > 0) spans.push([at, at + length]);
      if ((gate & SEEDED) === 0 || at + SEED2 <= covered) continue;
      const part = this.#partAt(text, at, covered);
      if (part === void 0) continue;
      spans.push(part);
      covered = part[1];
    }
    return spans;
  }
  /**
   * Finds the first characters of a form, at least four, directly before `end`. Returns the position at which they
   * start.
   */
  findBeginningBefore(text, end) {
    for (let at = Math.max(0, end - LONG_FORM + 1); at + SHORTEST_FORM <= end; at += 1) {
      const gate = this.#gate[computeHash(text, at)] ?? 0;
      if ((gate & SHORT) !== 0 && this.#short.hasBeginning(text, at, end)) return at;
      if ((gate & HEAD2) !== 0 && this.#heads.hasBeginning(text, at, end)) return at;
    }
    return void 0;
  }
  /** Finds the last characters of a form, at least eight, directly after `start`. Returns the position after them. */
  findEndAfter(text, start) {
    const ahead = Array.from(text.slice(start, start + LONG_FORM - 1)).toReversed().join("");
    for (let at = 0; at + MIN_END <= ahead.length; at += 1) {
      if (this.#backwards.hasBeginning(ahead, at, ahead.length)) return start + ahead.length - at;
    }
    return void 0;
  }
  #addShort(form) {
    this.#short.add(form);
    this.#addEnd(form);
    this.#open(form, 0, SHORT);
  }
  #addEnd(form) {
    this.#backwards.add(
      Array.from(form.slice(1 - LONG_FORM)).toReversed().join("")
    );
  }
  #addLong(form, open) {
    const isOpen = (part) => open.some((text) => text.includes(part));
    if (!isOpen(form.slice(0, SEED2))) {
      this.#heads.add(form.slice(0, LONG_FORM - 1));
      this.#open(form, 0, HEAD2);
    }
    if (!isOpen(form.slice(-SEED2))) this.#addEnd(form);
    for (let at = 0; at + SEED2 <= form.length; at += STRIDE2) {
      const seed = form.slice(at, at + SEED2);
      const known = this.#seeds.get(seed) ?? [];
      const isKnown = known.length >= MAX_OF_SEED || known.some((place) => place.form === form);
      if (isKnown || isOpen(seed)) continue;
      this.#seeds.set(seed, [...known, { form, at }]);
      this.#open(form, at, SEEDED);
    }
  }
  #open(form, at, bit) {
    const hash = computeHash(form, at);
    this.#gate[hash] = (this.#gate[hash] ?? 0) | bit;
  }
  /**
   * Returns the part of the text around a seed that belongs to long forms. Several forms may share the seed, and each
   * may match further in one direction. The text before `floor` is covered already.
   */
  #partAt(text, at, floor) {
    let part;
    for (const place of this.#seeds.get(text.slice(at, at + SEED2)) ?? []) {
      let before = 0;
      while (before < place.at && at - before > floor && isSame(text, at - before - 1, place.form, place.at - before - 1))
        before += 1;
      let after = SEED2;
      while (place.at + after < place.form.length && isSame(text, at + after, place.form, place.at + after)) after += 1;
      if (before + after < MIN_PART) continue;
      const [from = at, to = at] = part ?? [];
      part = [Math.min(from, at - before), Math.max(to, at + after)];
    }
    return part;
  }
};
function isSame(text, at, form, atForm) {
  return at < text.length && text.charCodeAt(at) === form.charCodeAt(atForm);
}
function computeHash(text, at) {
  const low = text.charCodeAt(at) + 31 * text.charCodeAt(at + 1);
  const high = text.charCodeAt(at + 2) + 131 * text.charCodeAt(at + 3);
  return low * 61 + high * 17 & 65535;
}

// src/secrets/base64-forms.ts
var SHORTEST_PART = 4;
var LONG = 48;
var LONGEST_TWICE = 8192;
function listBase64Forms(text) {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length >= LONG) return listLongForms(bytes);
  const once = encodeInBothAlphabets(bytes);
  const twice = once.flatMap((form) => encodeInBothAlphabets(Buffer.from(form, "latin1")));
  return [.../* @__PURE__ */ new Set([...once.flatMap(listEscapedForms), ...twice])];
}
function listLongForms(bytes) {
  const once = [bytes.toString("base64"), ...encodeParts(bytes).slice(1)];
  if (bytes.length > LONGEST_TWICE) return once;
  const twice = encodeParts(Buffer.from(bytes.toString("base64"), "latin1"));
  return [.../* @__PURE__ */ new Set([...once.flatMap(listEscapedForms), ...once.map(convertToUrlAlphabet), ...twice])];
}
function listEscapedForms(form) {
  const percent = encodeURIComponent(form);
  const lower = percent.replaceAll(/%[0-9A-F]{2}/g, (code2) => code2.toLowerCase());
  return [form, percent, lower, form.replaceAll("/", "\\/")];
}
function encodeInBothAlphabets(bytes) {
  const forms = [bytes.toString("base64"), ...encodeParts(bytes)];
  return [...new Set(forms.flatMap((form) => [form, convertToUrlAlphabet(form)]))];
}
function encodeParts(bytes) {
  return [0, 1, 2].map((offset) => encodePart(bytes, offset)).filter((form) => form.length >= SHORTEST_PART);
}
function encodePart(bytes, offset) {
  const first = Math.ceil(offset * 8 / 6);
  const whole = Math.floor((offset + bytes.length) * 8 / 6);
  return Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64").slice(first, whole);
}
function convertToUrlAlphabet(form) {
  return form.replaceAll("+", "-").replaceAll("/", "_").replace(/={1,2}$/, "");
}
var SHORTEST = 40;
var WORD = /(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4}))+/g;
var ESCAPE = /%[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4}/g;
var NEXT_LINE = /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}(?:[\w+/=-]|%[\dA-Fa-f]{2}|\\{1,4}(?:\/|u[\dA-Fa-f]{4})){4,}/y;
function findEncodedValues(text) {
  const spans = [];
  let position = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (index < position || word.length < SHORTEST || !isEncoded(word)) continue;
    position = findEndOfLines(text, index + word.length);
    spans.push([index, position]);
  }
  return spans;
}
function findEndOfLines(text, start) {
  let end = start;
  for (NEXT_LINE.lastIndex = end; NEXT_LINE.test(text); NEXT_LINE.lastIndex = end) end = NEXT_LINE.lastIndex;
  return end;
}
function isEncoded(word) {
  const plain = word.replaceAll(ESCAPE, "");
  return /[A-Z]/.test(plain) && /[a-z]/.test(plain) && /\d/.test(plain);
}

// src/secrets/likely-secrets.ts
var FIELDS = [
  /\b(?:password|passwd|passphrase)\\{0,3}["']?\s{0,16}[:=]\s{0,16}(\\{1,3}"[^"\n]*"?|"(?:[^"\n\\]|\\.)*"?|'[^'\n]*'?|[^\s,;}\]"']+)/dgi,
  // The text `token: ` occurs in prose as well, unless a quote follows.
  /\b(?:token|secret)\\{0,3}["']?(?:=|\s{0,16}:\s{0,16}(?=\\{0,3}["']))(\\{1,3}"[^"\n]*"?|"(?:[^"\n\\]|\\.)*"?|'[^'\n]*'?|[^\s,;}\]"']+)/dgi
];
var FORMATS = [
  /\bauthorization\\{0,3}["']?\s{0,16}[:=]\s{0,16}\\{0,3}["']?(?:bearer|basic)\s{1,16}([^\s,"'\\]+)/dgi,
  /\bS[ACNOUX][A-Z2-7]{56}\b/dg,
  // seed of an nkey
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/dg,
  // JWT
  /\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}/dg
  // hash of bcrypt
];
function findLikelySecrets(text) {
  return [...findMatches(text, FORMATS), ...findKeyBlocks(text), ...findUrlPasswords2(text)];
}
function findFieldValues(text) {
  return findMatches(text, FIELDS);
}
function findMatches(text, patterns) {
  return patterns.flatMap(
    (pattern) => [...text.matchAll(pattern)].flatMap(({ indices }) => {
      const span = indices?.[1] ?? indices?.[0];
      return span === void 0 ? [] : [span];
    })
  );
}
function findUrlPasswords2(text) {
  const spans = [];
  let word = { end: -1, at: -1 };
  for (let mark = text.indexOf("://"); mark >= 0; mark = text.indexOf("://", mark + 3)) {
    const start = mark + 3;
    if (start > word.end) word = scanUrl(text, start);
    const colon = text.indexOf(":", start);
    if (colon < 0) break;
    const hasUser = colon < word.at && /[a-z0-9+.-]/i.test(text[mark - 1] ?? "") && isUser(text.slice(start, colon));
    if (hasUser && !isPort(text, colon + 1)) spans.push([colon + 1, word.at]);
  }
  return spans;
}
function scanUrl(text, start) {
  let end = start;
  let at = -1;
  for (; end < text.length && !isUrlEnd(text.charCodeAt(end)); end += 1) {
    if (text[end] === "@") at = end;
  }
  return { end, at };
}
function isUser(text) {
  return !/[/@]/.test(text);
}
function isPort(text, start) {
  return /^\d{1,5}\//.test(text.slice(start, start + 6));
}
var MAX_FOREIGN = 4096;
var SHORTEST_FIELD = 7;
var BEYOND = 1024;
function markForeignText(text, most = MAX_FOREIGN) {
  return markText(text, most, findFieldValues);
}
function markForeignTextOfSecret(text) {
  return markText(text, text.length, (seen) => [...findFieldValues(seen), ...findEncodedValues(seen)]);
}
function markText(raw, most, spansOf) {
  if (raw.length < SHORTEST_FIELD) return raw;
  const { text, spans } = readMarks(raw);
  const seen = text.slice(0, most + BEYOND);
  const found = [...spans, ...spansOf(seen)];
  if (text.length <= most) return markSpans({ text, spans: found });
  const end = findBoundary(text, most);
  const before = found.flatMap(([from, to]) => from < end ? [[from, Math.min(to, end)]] : []);
  return `${markSpans({ text: text.slice(0, end), spans: before })}${formatCutNote(text.length - end)}`;
}
function markForeignLines(text, mostOfLine = MAX_FOREIGN) {
  return text.split("\n").map((line) => markForeignText(line, mostOfLine)).join("\n");
}

// src/secrets/secret-forms.ts


// src/secrets/written-forms.ts
function listWrittenForms(text) {
  const forms = [
    text,
    ...listJsonForms(text),
    ...listQuotedForms(text),
    ...listMarkupForms(text),
    ...listPercentForms(text)
  ];
  return [.../* @__PURE__ */ new Set([...forms, ...forms.map(encodeJson)])];
}
function listLineForms(line) {
  return [line, encodeJson(line), escapeInline(line)];
}
function listJsonForms(text) {
  const plain = encodeJson(text);
  const forms = [
    plain,
    // Go's encoding/json writes these escapes to protect HTML.
    plain.replaceAll(/[<>&]/g, (character) => escapeUnicode(character)),
    plain.replaceAll(/[^\x20-\x7e]/g, (character) => escapeUnicode(character)),
    plain.replaceAll(/[<>&]|[^\x20-\x7e]/g, (character) => escapeUnicode(character)),
    plain.replaceAll("/", "\\/")
  ];
  return [...forms, ...forms.map(encodeJson)];
}
function encodeJson(text) {
  return JSON.stringify(text).slice(1, -1);
}
function escapeUnicode(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
function listQuotedForms(text) {
  return [text.replaceAll("'", "''"), text.replaceAll("'", "'\\''")];
}
function listMarkupForms(text) {
  const quotes = [
    ['"', "'"],
    ["&quot;", "&#39;"],
    ["&#34;", "&#39;"],
    ["&quot;", "&apos;"],
    ["&quot;", "&#x27;"]
  ];
  const html = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return [
    escapeInline(text),
    // Some signs need no escape between letters.
    escapeInline(`x${text}x`).slice(1, -1),
    escapeHtml(text),
    escapePreformatted([text]),
    ...quotes.map(([double, single]) => html.replaceAll('"', double).replaceAll("'", single))
  ];
}
var KEPT_IN_URLS = [
  /[-_.~]/,
  // RFC 3986, and Go's url.QueryEscape
  /[-_.!~*'()]/,
  // encodeURIComponent
  /_/,
  /$^/,
  /[-_.~$&+,;=]/,
  // Go's url.UserPassword
  /[-_.~$&+:=@]/,
  // Go's url.PathEscape
  /[-_.~!$&'()*+,%]/,
  // userinfo of the URL Standard
  /[-_.~!$&'()*+,;=:@/?#]/
  // encodeURI
];
function listPercentForms(text) {
  const wellFormed = text.toWellFormed();
  return KEPT_IN_URLS.flatMap((kept) => {
    const upper = percentEncode(wellFormed, kept);
    const lower = upper.replaceAll(/%[0-9A-F]{2}/g, (code2) => code2.toLowerCase());
    return [upper, lower].flatMap((form) => [form, form.replaceAll("%20", "+")]);
  });
}
function percentEncode(text, kept) {
  return Array.from(text, (character) => {
    if (/[A-Za-z0-9]/.test(character) || kept.test(character)) return character;
    return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(
      ""
    );
  }).join("");
}

// src/secrets/secret-forms.ts
var PRIVATE_KEY2 = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----([^-]*(?:-[^-]+){0,20})(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g;
var HEADERS = /^(?:\s|\\n)*(?:[\w-]+: [^\r\n\\]*(?:\\n|\r?\n))+/;
var CERTIFICATE2 = /-----BEGIN [A-Z0-9 ]{0,40}CERTIFICATE-----[^-]*-----END [A-Z0-9 ]{0,40}CERTIFICATE-----/g;
var SHORTEST_LINE2 = 16;
var LONGEST_TEXT2 = 8192;
var SHORTEST_KEY_LINE = 8;
function splitSecret(secret) {
  const keys = [...secret.matchAll(PRIVATE_KEY2)].map(([pem, body = ""]) => splitPrivateKey(pem, body));
  const rest = secret.replaceAll(PRIVATE_KEY2, "").replaceAll(CERTIFICATE2, "");
  const lines = rest.split(/\r\n|[\r\n]/).map((line) => line.trim());
  if (keys.length === 0 && lines.length === 1) return { lines: [secret], text: "", keys };
  const isWhole = lines.filter((line) => line !== "").length === 1;
  const long = lines.filter((line) => (isWhole ? line !== "" : line.length >= SHORTEST_LINE2) && !isHeader(line));
  return { lines: long, text: isWhole ? "" : rest.trim(), keys };
}
function isHeader(line) {
  return line.startsWith("-----");
}
function splitPrivateKey(pem, body) {
  const lines = body.replace(HEADERS, "").split(/\\n|\s/).filter((line) => line !== "" && !line.includes(":"));
  return { pem, body: lines.join(""), lines, open: encodePublicHalf(pem) };
}
function encodePublicHalf(pem) {
  try {
    const info = (0,external_node_crypto_.createPublicKey)(pem).export({ format: "der", type: "spki" });
    return [0, 1, 2].map((offset) => encodePart(info, offset));
  } catch {
    return [];
  }
}
function listSecretForms(secret) {
  const { lines, text, keys } = splitSecret(secret);
  const isFile = text.length > LONGEST_TEXT2;
  const ofLines = lines.flatMap(
    (line) => isFile ? listLineForms(line) : [...listWrittenForms(line), ...listBase64Forms(line)]
  );
  const forms = text === "" ? ofLines : [...ofLines, ...listBase64Forms(secret)];
  const closed = [...new Set(forms)].map((form) => ({ text: form, open: [] }));
  return [...closed, ...keys.flatMap(listKeyForms2)];
}
function listKeyForms2({ pem, body, lines, open }) {
  const ends = lines.filter((line) => line.length >= SHORTEST_KEY_LINE && line.length < body.length);
  const bodies = [body, ...ends].filter((line) => !open.some((half) => half.includes(line)));
  return [
    ...bodies.flatMap(listWrittenForms).map((line) => ({ text: line, open })),
    ...listBase64Forms(pem).map((form) => ({ text: form, open: [] }))
  ];
}

// src/secrets/redactor.ts
var WRAPPED = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}[A-Za-z0-9+/_=-]+)+/g;
var LINE_END2 = /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}/g;
function findWrapped(text, index) {
  return [...text.matchAll(WRAPPED)].flatMap((match) => {
    const end = match.index + match[0].length;
    const isCut = [CUT, MASK].some((cut) => text.startsWith(cut, end));
    return findAcrossLines(match[0], match.index, (plain) => {
      const start = isCut ? index.findBeginningBefore(plain, plain.length) : void 0;
      return [...index.findSpans(plain), ...start === void 0 ? [] : [[start, plain.length]]];
    });
  });
}
function findAcrossLines(wrapped, offset, find) {
  const parts = [];
  const starts = [];
  let length = 0;
  let position = 0;
  const take = (to, next) => {
    starts.push([length, position]);
    parts.push(wrapped.slice(position, to));
    length += to - position;
    position = next;
  };
  for (const end of wrapped.matchAll(LINE_END2)) take(end.index, end.index + end[0].length);
  take(wrapped.length, wrapped.length);
  let part = 0;
  const within = (at) => {
    while (part > 0 && (starts[part]?.[0] ?? 0) > at) part -= 1;
    while ((starts[part + 1]?.[0] ?? Number.POSITIVE_INFINITY) <= at) part += 1;
    const [without, from] = starts[part] ?? [0, 0];
    return from + at - without;
  };
  const inOrder = find(parts.join("")).toSorted(([left], [right]) => left - right);
  return inOrder.map(([from, to]) => [offset + within(from), offset + within(to - 1) + 1]);
}
var BEYOND2 = 8192;
var MARKDOWN_MASK = "•••";
var MAX_CUTS = 100;
var CUTS = [CUT, MASK];
var ENDS_LINE = /(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64}$/;
var BEGINS_LINE = /^(?: \(\d{1,9} more characters\))?(?:(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,64})?/;
var LONGEST_LINE_END = 100;
function findAtCuts(text, index) {
  return CUTS.flatMap((cut) => {
    const spans = [];
    let at = text.indexOf(cut);
    for (let cuts = 0; at >= 0 && cuts < MAX_CUTS; cuts += 1) {
      const before = ENDS_LINE.exec(text.slice(Math.max(0, at - LONGEST_LINE_END), at))?.[0].length ?? 0;
      const behind = at + cut.length;
      const after = BEGINS_LINE.exec(text.slice(behind, behind + LONGEST_LINE_END))?.[0].length ?? 0;
      for (const end of /* @__PURE__ */ new Set([at, at - before])) {
        const start = index.findBeginningBefore(text, end);
        if (start !== void 0) spans.push([start, at]);
      }
      for (const start of /* @__PURE__ */ new Set([behind, behind + after])) {
        const end = index.findEndAfter(text, start);
        if (end !== void 0) spans.push([start, end]);
      }
      at = text.indexOf(cut, behind);
    }
    return spans;
  });
}
var Redactor = class {
  #added = /* @__PURE__ */ new Set();
  #waiting = [];
  #index = new FormIndex();
  /** The public halves of private keys: they are a part of the key, but certificates contain them too. */
  #halves = new FormIndex();
  /** Adds a secret, which is removed from all later texts. */
  add(secret) {
    if (this.#added.has(secret)) return;
    this.#added.add(secret);
    this.#waiting.push(secret);
  }
  /**
   * Returns the text without the secrets added so far in any form in which they are written, without secrets recognized
   * by their format, and without the parts that `markForeignText` marked. At most the first `most` UTF-16 units are
   * returned, with a note of how much is left out. The time is linear in the length of the text.
   */
  redact(raw, most = raw.length) {
    if (raw.length < SHORTEST_FORM && !isMarked(raw)) return raw;
    const { text, spans } = readMarks(raw);
    const seen = text.length > most + BEYOND2 ? text.slice(0, most + BEYOND2) : text;
    return maskSpans(seen, [...spans, ...this.#findSecrets(seen)], { most, length: text.length });
  }
  /** Returns a whole document of Markdown without secrets; its mask has no asterisks, which are markup in Markdown. */
  redactMarkdown(raw) {
    const { text, spans } = readMarks(raw);
    const length = text.length;
    return maskSpans(text, [...spans, ...this.#findSecrets(text)], { most: length, length, mask: MARKDOWN_MASK });
  }
  #findSecrets(text) {
    for (const form of this.#waiting.splice(0).flatMap(listSecretForms)) {
      this.#index.add(form.text, form.open);
      for (const half of form.open) this.#halves.add(half);
    }
    return [
      ...this.#index.findSpans(text),
      ...findWrapped(text, this.#index),
      ...findAtCuts(text, this.#index),
      ...selectOutside(findCertificates(text), this.#halves.findSpans(text)),
      ...findLikelySecrets(text)
    ];
  }
};




/***/ }),

/***/ 296:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var node_module__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(995);
/* harmony import */ var _chunk_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(454);
/* harmony import */ var node_process__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(708);
/* harmony import */ var os__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(857);
/* harmony import */ var crypto__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(982);
/* harmony import */ var fs__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(896);
/* harmony import */ var events__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(434);
/* harmony import */ var child_process__WEBPACK_IMPORTED_MODULE_7__ = __nccwpck_require__(317);
/* harmony import */ var path__WEBPACK_IMPORTED_MODULE_8__ = __nccwpck_require__(928);
/* harmony import */ var timers__WEBPACK_IMPORTED_MODULE_9__ = __nccwpck_require__(557);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_10__ = __nccwpck_require__(760);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_11__ = __nccwpck_require__(24);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_12__ = __nccwpck_require__(455);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_13__ = __nccwpck_require__(598);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_14__ = __nccwpck_require__(161);
/* harmony import */ var node_string_decoder__WEBPACK_IMPORTED_MODULE_15__ = __nccwpck_require__(193);
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_16__ = __nccwpck_require__(500);

const require = (0,node_module__WEBPACK_IMPORTED_MODULE_0__.createRequire)(import.meta.url);
const __workingFolder = () => globalThis['process'].cwd();


// src/main.ts


// src/runner/cancellation.ts

var GRACE_MS = 4500;
function createCancellationSignal(stop) {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    node_process__WEBPACK_IMPORTED_MODULE_2__.on(signal, () => {
      if (controller.signal.aborted) return stop(controller.signal.reason);
      controller.abort(createCancelledError(signal));
      setTimeout(stop, GRACE_MS, controller.signal.reason).unref();
    });
  }
  return controller.signal;
}
function createCancelledError(signal) {
  return new _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .ActionError */ .lZ("CANCELLED", `the run was cancelled by ${signal}`, {
    hint: "Run the workflow again: a run that was stopped half-way is finished by the next one.",
    details: { signal }
  });
}

// node_modules/@actions/core/lib/command.js


// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os__WEBPACK_IMPORTED_MODULE_3__.EOL);
}
function issue(name, message = "") {
  issueCommand(name, {}, message);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties;
    this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key in this.properties) {
        if (this.properties.hasOwnProperty(key)) {
          const val = this.properties[key];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js



function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs__WEBPACK_IMPORTED_MODULE_5__.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs__WEBPACK_IMPORTED_MODULE_5__.appendFileSync(filePath, `${toCommandValue(message)}${os__WEBPACK_IMPORTED_MODULE_3__.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter2 = `ghadelimiter_${crypto__WEBPACK_IMPORTED_MODULE_4__.randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter2)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter2}"`);
  }
  if (convertedValue.includes(delimiter2)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter2}"`);
  }
  return `${key}<<${delimiter2}${os__WEBPACK_IMPORTED_MODULE_3__.EOL}${convertedValue}${os__WEBPACK_IMPORTED_MODULE_3__.EOL}${delimiter2}`;
}

// node_modules/@actions/core/lib/core.js


// node_modules/@actions/exec/lib/toolrunner.js





// node_modules/@actions/io/lib/io.js


// node_modules/@actions/io/lib/io-util.js


var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve4) {
      resolve4(value);
    });
  }
  return new (P || (P = Promise))(function(resolve4, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve4(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { chmod, copyFile, lstat, mkdir, open, readdir, rename, rm, rmdir, stat, symlink, unlink } = fs__WEBPACK_IMPORTED_MODULE_5__.promises;
var IS_WINDOWS = process.platform === "win32";
var READONLY = fs__WEBPACK_IMPORTED_MODULE_5__.constants.O_RDONLY;
function exists(fsPath) {
  return __awaiter(this, void 0, void 0, function* () {
    try {
      yield stat(fsPath);
    } catch (err) {
      if (err.code === "ENOENT") {
        return false;
      }
      throw err;
    }
    return true;
  });
}
function isRooted(p) {
  p = normalizeSeparators(p);
  if (!p) {
    throw new Error('isRooted() parameter "p" cannot be empty');
  }
  if (IS_WINDOWS) {
    return p.startsWith("\\") || /^[A-Z]:/i.test(p);
  }
  return p.startsWith("/");
}
function tryGetExecutablePath(filePath, extensions) {
  return __awaiter(this, void 0, void 0, function* () {
    let stats = void 0;
    try {
      stats = yield stat(filePath);
    } catch (err) {
      if (err.code !== "ENOENT") {
        console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
      }
    }
    if (stats && stats.isFile()) {
      if (IS_WINDOWS) {
        const upperExt = path__WEBPACK_IMPORTED_MODULE_8__.extname(filePath).toUpperCase();
        if (extensions.some((validExt) => validExt.toUpperCase() === upperExt)) {
          return filePath;
        }
      } else {
        if (isUnixExecutable(stats)) {
          return filePath;
        }
      }
    }
    const originalFilePath = filePath;
    for (const extension of extensions) {
      filePath = originalFilePath + extension;
      stats = void 0;
      try {
        stats = yield stat(filePath);
      } catch (err) {
        if (err.code !== "ENOENT") {
          console.log(`Unexpected error attempting to determine if executable file exists '${filePath}': ${err}`);
        }
      }
      if (stats && stats.isFile()) {
        if (IS_WINDOWS) {
          try {
            const directory = path__WEBPACK_IMPORTED_MODULE_8__.dirname(filePath);
            const upperName = path__WEBPACK_IMPORTED_MODULE_8__.basename(filePath).toUpperCase();
            for (const actualName of yield readdir(directory)) {
              if (upperName === actualName.toUpperCase()) {
                filePath = path__WEBPACK_IMPORTED_MODULE_8__.join(directory, actualName);
                break;
              }
            }
          } catch (err) {
            console.log(`Unexpected error attempting to determine the actual case of the file '${filePath}': ${err}`);
          }
          return filePath;
        } else {
          if (isUnixExecutable(stats)) {
            return filePath;
          }
        }
      }
    }
    return "";
  });
}
function normalizeSeparators(p) {
  p = p || "";
  if (IS_WINDOWS) {
    p = p.replace(/\//g, "\\");
    return p.replace(/\\\\+/g, "\\");
  }
  return p.replace(/\/\/+/g, "/");
}
function isUnixExecutable(stats) {
  return (stats.mode & 1) > 0 || (stats.mode & 8) > 0 && process.getgid !== void 0 && stats.gid === process.getgid() || (stats.mode & 64) > 0 && process.getuid !== void 0 && stats.uid === process.getuid();
}

// node_modules/@actions/io/lib/io.js
var __awaiter2 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve4) {
      resolve4(value);
    });
  }
  return new (P || (P = Promise))(function(resolve4, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve4(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
function which(tool, check) {
  return __awaiter2(this, void 0, void 0, function* () {
    if (!tool) {
      throw new Error("parameter 'tool' is required");
    }
    if (check) {
      const result = yield which(tool, false);
      if (!result) {
        if (IS_WINDOWS) {
          throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extension for an executable file.`);
        } else {
          throw new Error(`Unable to locate executable file: ${tool}. Please verify either the file path exists or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to verify the file is executable.`);
        }
      }
      return result;
    }
    const matches = yield findInPath(tool);
    if (matches && matches.length > 0) {
      return matches[0];
    }
    return "";
  });
}
function findInPath(tool) {
  return __awaiter2(this, void 0, void 0, function* () {
    if (!tool) {
      throw new Error("parameter 'tool' is required");
    }
    const extensions = [];
    if (IS_WINDOWS && process.env["PATHEXT"]) {
      for (const extension of process.env["PATHEXT"].split(path__WEBPACK_IMPORTED_MODULE_8__.delimiter)) {
        if (extension) {
          extensions.push(extension);
        }
      }
    }
    if (isRooted(tool)) {
      const filePath = yield tryGetExecutablePath(tool, extensions);
      if (filePath) {
        return [filePath];
      }
      return [];
    }
    if (tool.includes(path__WEBPACK_IMPORTED_MODULE_8__.sep)) {
      return [];
    }
    const directories = [];
    if (process.env.PATH) {
      for (const p of process.env.PATH.split(path__WEBPACK_IMPORTED_MODULE_8__.delimiter)) {
        if (p) {
          directories.push(p);
        }
      }
    }
    const matches = [];
    for (const directory of directories) {
      const filePath = yield tryGetExecutablePath(path__WEBPACK_IMPORTED_MODULE_8__.join(directory, tool), extensions);
      if (filePath) {
        matches.push(filePath);
      }
    }
    return matches;
  });
}

// node_modules/@actions/exec/lib/toolrunner.js

var __awaiter3 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve4) {
      resolve4(value);
    });
  }
  return new (P || (P = Promise))(function(resolve4, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve4(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var IS_WINDOWS2 = process.platform === "win32";
var ToolRunner = class extends events__WEBPACK_IMPORTED_MODULE_6__.EventEmitter {
  constructor(toolPath, args, options) {
    super();
    if (!toolPath) {
      throw new Error("Parameter 'toolPath' cannot be null or empty.");
    }
    this.toolPath = toolPath;
    this.args = args || [];
    this.options = options || {};
  }
  _debug(message) {
    if (this.options.listeners && this.options.listeners.debug) {
      this.options.listeners.debug(message);
    }
  }
  _getCommandString(options, noPrefix) {
    const toolPath = this._getSpawnFileName();
    const args = this._getSpawnArgs(options);
    let cmd = noPrefix ? "" : "[command]";
    if (IS_WINDOWS2) {
      if (this._isCmdFile()) {
        cmd += toolPath;
        for (const a of args) {
          cmd += ` ${a}`;
        }
      } else if (options.windowsVerbatimArguments) {
        cmd += `"${toolPath}"`;
        for (const a of args) {
          cmd += ` ${a}`;
        }
      } else {
        cmd += this._windowsQuoteCmdArg(toolPath);
        for (const a of args) {
          cmd += ` ${this._windowsQuoteCmdArg(a)}`;
        }
      }
    } else {
      cmd += toolPath;
      for (const a of args) {
        cmd += ` ${a}`;
      }
    }
    return cmd;
  }
  _processLineBuffer(data, strBuffer, onLine) {
    try {
      let s = strBuffer + data.toString();
      let n = s.indexOf(os__WEBPACK_IMPORTED_MODULE_3__.EOL);
      while (n > -1) {
        const line = s.substring(0, n);
        onLine(line);
        s = s.substring(n + os__WEBPACK_IMPORTED_MODULE_3__.EOL.length);
        n = s.indexOf(os__WEBPACK_IMPORTED_MODULE_3__.EOL);
      }
      return s;
    } catch (err) {
      this._debug(`error processing line. Failed with error ${err}`);
      return "";
    }
  }
  _getSpawnFileName() {
    if (IS_WINDOWS2) {
      if (this._isCmdFile()) {
        return process.env["COMSPEC"] || "cmd.exe";
      }
    }
    return this.toolPath;
  }
  _getSpawnArgs(options) {
    if (IS_WINDOWS2) {
      if (this._isCmdFile()) {
        let argline = `/D /S /C "${this._windowsQuoteCmdArg(this.toolPath)}`;
        for (const a of this.args) {
          argline += " ";
          argline += options.windowsVerbatimArguments ? a : this._windowsQuoteCmdArg(a);
        }
        argline += '"';
        return [argline];
      }
    }
    return this.args;
  }
  _endsWith(str, end) {
    return str.endsWith(end);
  }
  _isCmdFile() {
    const upperToolPath = this.toolPath.toUpperCase();
    return this._endsWith(upperToolPath, ".CMD") || this._endsWith(upperToolPath, ".BAT");
  }
  _windowsQuoteCmdArg(arg) {
    if (!this._isCmdFile()) {
      return this._uvQuoteCmdArg(arg);
    }
    if (!arg) {
      return '""';
    }
    const cmdSpecialChars = [
      " ",
      "	",
      "&",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "^",
      "=",
      ";",
      "!",
      "'",
      "+",
      ",",
      "`",
      "~",
      "|",
      "<",
      ">",
      '"'
    ];
    let needsQuotes = false;
    for (const char of arg) {
      if (cmdSpecialChars.some((x) => x === char)) {
        needsQuotes = true;
        break;
      }
    }
    if (!needsQuotes) {
      return arg;
    }
    let reverse = '"';
    let quoteHit = true;
    for (let i = arg.length; i > 0; i--) {
      reverse += arg[i - 1];
      if (quoteHit && arg[i - 1] === "\\") {
        reverse += "\\";
      } else if (arg[i - 1] === '"') {
        quoteHit = true;
        reverse += '"';
      } else {
        quoteHit = false;
      }
    }
    reverse += '"';
    return reverse.split("").reverse().join("");
  }
  _uvQuoteCmdArg(arg) {
    if (!arg) {
      return '""';
    }
    if (!arg.includes(" ") && !arg.includes("	") && !arg.includes('"')) {
      return arg;
    }
    if (!arg.includes('"') && !arg.includes("\\")) {
      return `"${arg}"`;
    }
    let reverse = '"';
    let quoteHit = true;
    for (let i = arg.length; i > 0; i--) {
      reverse += arg[i - 1];
      if (quoteHit && arg[i - 1] === "\\") {
        reverse += "\\";
      } else if (arg[i - 1] === '"') {
        quoteHit = true;
        reverse += "\\";
      } else {
        quoteHit = false;
      }
    }
    reverse += '"';
    return reverse.split("").reverse().join("");
  }
  _cloneExecOptions(options) {
    options = options || {};
    const result = {
      cwd: options.cwd || __workingFolder(),
      env: options.env || process.env,
      silent: options.silent || false,
      windowsVerbatimArguments: options.windowsVerbatimArguments || false,
      failOnStdErr: options.failOnStdErr || false,
      ignoreReturnCode: options.ignoreReturnCode || false,
      delay: options.delay || 1e4
    };
    result.outStream = options.outStream || process.stdout;
    result.errStream = options.errStream || process.stderr;
    return result;
  }
  _getSpawnOptions(options, toolPath) {
    options = options || {};
    const result = {};
    result.cwd = options.cwd;
    result.env = options.env;
    result["windowsVerbatimArguments"] = options.windowsVerbatimArguments || this._isCmdFile();
    if (options.windowsVerbatimArguments) {
      result.argv0 = `"${toolPath}"`;
    }
    return result;
  }
  /**
   * Exec a tool.
   * Output will be streamed to the live console.
   * Returns promise with return code
   *
   * @param     tool     path to tool to exec
   * @param     options  optional exec options.  See ExecOptions
   * @returns   number
   */
  exec() {
    return __awaiter3(this, void 0, void 0, function* () {
      if (!isRooted(this.toolPath) && (this.toolPath.includes("/") || IS_WINDOWS2 && this.toolPath.includes("\\"))) {
        this.toolPath = path__WEBPACK_IMPORTED_MODULE_8__.resolve(__workingFolder(), this.options.cwd || __workingFolder(), this.toolPath);
      }
      this.toolPath = yield which(this.toolPath, true);
      return new Promise((resolve4, reject) => __awaiter3(this, void 0, void 0, function* () {
        this._debug(`exec tool: ${this.toolPath}`);
        this._debug("arguments:");
        for (const arg of this.args) {
          this._debug(`   ${arg}`);
        }
        const optionsNonNull = this._cloneExecOptions(this.options);
        if (!optionsNonNull.silent && optionsNonNull.outStream) {
          optionsNonNull.outStream.write(this._getCommandString(optionsNonNull) + os__WEBPACK_IMPORTED_MODULE_3__.EOL);
        }
        const state = new ExecState(optionsNonNull, this.toolPath);
        state.on("debug", (message) => {
          this._debug(message);
        });
        if (this.options.cwd && !(yield exists(this.options.cwd))) {
          return reject(new Error(`The cwd: ${this.options.cwd} does not exist!`));
        }
        const fileName = this._getSpawnFileName();
        const cp = child_process__WEBPACK_IMPORTED_MODULE_7__.spawn(fileName, this._getSpawnArgs(optionsNonNull), this._getSpawnOptions(this.options, fileName));
        let stdbuffer = "";
        if (cp.stdout) {
          cp.stdout.on("data", (data) => {
            if (this.options.listeners && this.options.listeners.stdout) {
              this.options.listeners.stdout(data);
            }
            if (!optionsNonNull.silent && optionsNonNull.outStream) {
              optionsNonNull.outStream.write(data);
            }
            stdbuffer = this._processLineBuffer(data, stdbuffer, (line) => {
              if (this.options.listeners && this.options.listeners.stdline) {
                this.options.listeners.stdline(line);
              }
            });
          });
        }
        let errbuffer = "";
        if (cp.stderr) {
          cp.stderr.on("data", (data) => {
            state.processStderr = true;
            if (this.options.listeners && this.options.listeners.stderr) {
              this.options.listeners.stderr(data);
            }
            if (!optionsNonNull.silent && optionsNonNull.errStream && optionsNonNull.outStream) {
              const s = optionsNonNull.failOnStdErr ? optionsNonNull.errStream : optionsNonNull.outStream;
              s.write(data);
            }
            errbuffer = this._processLineBuffer(data, errbuffer, (line) => {
              if (this.options.listeners && this.options.listeners.errline) {
                this.options.listeners.errline(line);
              }
            });
          });
        }
        cp.on("error", (err) => {
          state.processError = err.message;
          state.processExited = true;
          state.processClosed = true;
          state.CheckComplete();
        });
        cp.on("exit", (code) => {
          state.processExitCode = code;
          state.processExited = true;
          this._debug(`Exit code ${code} received from tool '${this.toolPath}'`);
          state.CheckComplete();
        });
        cp.on("close", (code) => {
          state.processExitCode = code;
          state.processExited = true;
          state.processClosed = true;
          this._debug(`STDIO streams have closed for tool '${this.toolPath}'`);
          state.CheckComplete();
        });
        state.on("done", (error2, exitCode) => {
          if (stdbuffer.length > 0) {
            this.emit("stdline", stdbuffer);
          }
          if (errbuffer.length > 0) {
            this.emit("errline", errbuffer);
          }
          cp.removeAllListeners();
          if (error2) {
            reject(error2);
          } else {
            resolve4(exitCode);
          }
        });
        if (this.options.input) {
          if (!cp.stdin) {
            throw new Error("child process missing stdin");
          }
          cp.stdin.end(this.options.input);
        }
      }));
    });
  }
};
function argStringToArray(argString) {
  const args = [];
  let inQuotes = false;
  let escaped = false;
  let arg = "";
  function append(c) {
    if (escaped && c !== '"') {
      arg += "\\";
    }
    arg += c;
    escaped = false;
  }
  for (let i = 0; i < argString.length; i++) {
    const c = argString.charAt(i);
    if (c === '"') {
      if (!escaped) {
        inQuotes = !inQuotes;
      } else {
        append(c);
      }
      continue;
    }
    if (c === "\\" && escaped) {
      append(c);
      continue;
    }
    if (c === "\\" && inQuotes) {
      escaped = true;
      continue;
    }
    if (c === " " && !inQuotes) {
      if (arg.length > 0) {
        args.push(arg);
        arg = "";
      }
      continue;
    }
    append(c);
  }
  if (arg.length > 0) {
    args.push(arg.trim());
  }
  return args;
}
var ExecState = class _ExecState extends events__WEBPACK_IMPORTED_MODULE_6__.EventEmitter {
  constructor(options, toolPath) {
    super();
    this.processClosed = false;
    this.processError = "";
    this.processExitCode = 0;
    this.processExited = false;
    this.processStderr = false;
    this.delay = 1e4;
    this.done = false;
    this.timeout = null;
    if (!toolPath) {
      throw new Error("toolPath must not be empty");
    }
    this.options = options;
    this.toolPath = toolPath;
    if (options.delay) {
      this.delay = options.delay;
    }
  }
  CheckComplete() {
    if (this.done) {
      return;
    }
    if (this.processClosed) {
      this._setResult();
    } else if (this.processExited) {
      this.timeout = (0,timers__WEBPACK_IMPORTED_MODULE_9__.setTimeout)(_ExecState.HandleTimeout, this.delay, this);
    }
  }
  _debug(message) {
    this.emit("debug", message);
  }
  _setResult() {
    let error2;
    if (this.processExited) {
      if (this.processError) {
        error2 = new Error(`There was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start. Error: ${this.processError}`);
      } else if (this.processExitCode !== 0 && !this.options.ignoreReturnCode) {
        error2 = new Error(`The process '${this.toolPath}' failed with exit code ${this.processExitCode}`);
      } else if (this.processStderr && this.options.failOnStdErr) {
        error2 = new Error(`The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`);
      }
    }
    if (this.timeout) {
      clearTimeout(this.timeout);
      this.timeout = null;
    }
    this.done = true;
    this.emit("done", error2, this.processExitCode);
  }
  static HandleTimeout(state) {
    if (state.done) {
      return;
    }
    if (!state.processClosed && state.processExited) {
      const message = `The STDIO streams did not close within ${state.delay / 1e3} seconds of the exit event from process '${state.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
      state._debug(message);
    }
    state._setResult();
  }
};

// node_modules/@actions/exec/lib/exec.js
var __awaiter4 = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve4) {
      resolve4(value);
    });
  }
  return new (P || (P = Promise))(function(resolve4, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve4(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
function exec(commandLine, args, options) {
  return __awaiter4(this, void 0, void 0, function* () {
    const commandArgs = argStringToArray(commandLine);
    if (commandArgs.length === 0) {
      throw new Error(`Parameter 'commandLine' cannot be null or empty.`);
    }
    const toolPath = commandArgs[0];
    args = commandArgs.slice(1).concat(args || []);
    const runner2 = new ToolRunner(toolPath, args, options);
    return runner2.exec();
  });
}

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os__WEBPACK_IMPORTED_MODULE_3__.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function debug(message) {
  issueCommand("debug", {}, message);
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os__WEBPACK_IMPORTED_MODULE_3__.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}

// src/secrets/masks.ts
var LONGEST_MASK = 16384;
function listMasks(secret) {
  const { lines, text, keys } = (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .splitSecret */ .jW)(secret);
  const ofKeys = keys.flatMap(({ pem, body, lines: keyLines, open: open4 }) => {
    const long = keyLines.filter((line) => line.length >= _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .SHORTEST_LINE */ .KR);
    const closed = long.filter((line) => !open4.some((half) => half.includes(line)));
    return [...closed, ...encodeBody(pem, body)];
  });
  const whole = text === "" ? [] : [...encodeBase64(secret), ...encodeBase64(`${secret}
`)];
  const masks = [...lines, ...whole, ...ofKeys];
  return [...new Set(masks)].filter((mask) => mask.trim().length >= _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .SHORTEST_FORM */ .Ye && mask.length <= LONGEST_MASK);
}
function isTooShortToHide(secret) {
  return secret.trim() !== "" && secret.trim().length < _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .SHORTEST_FORM */ .Ye;
}
function encodeBody(pem, body) {
  const bytes = Buffer.from(pem, "utf8");
  const first = Math.ceil(bytes.indexOf(body.slice(0, _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .SHORTEST_LINE */ .KR)) / 3);
  const end = Math.floor(Math.max(0, bytes.lastIndexOf("-----END")) / 3);
  return [bytes.toString("base64").slice(4 * first, 4 * end)];
}
function encodeBase64(text) {
  return [Buffer.from(text, "utf8").toString("base64")];
}

// src/runner/hiding.ts
var SHORTEST_UNLIKELY = 16;
var Hiding = class {
  #setMask;
  #hidden = /* @__PURE__ */ new Set();
  /** The source of each mask. */
  #masks = /* @__PURE__ */ new Map();
  #tooShort = /* @__PURE__ */ new Set();
  #lost = /* @__PURE__ */ new Map();
  constructor(setMask) {
    this.#setMask = setMask;
  }
  hide({ text, source }) {
    if (this.#hidden.has(text)) return;
    this.#hidden.add(text);
    if (isTooShortToHide(text)) this.#tooShort.add(source);
    for (const mask of listMasks(text)) {
      if (this.#masks.has(mask)) continue;
      this.#masks.set(mask, source);
      this.#setMask(mask);
    }
  }
  /**
   * Records the secrets that the value of an output contains. Returns whether it contains one that is too long to be an
   * ordinary word.
   */
  checkOutput(name, value) {
    const found = [...this.#masks].filter(([mask]) => value.includes(mask));
    for (const [, source] of found) this.#lost.set(source, (this.#lost.get(source) ?? /* @__PURE__ */ new Set()).add(name));
    return found.some(([mask]) => mask.length >= SHORTEST_UNLIKELY);
  }
  /** Returns the warnings about secrets that are part of outputs, or too short to hide. */
  warnings() {
    return [
      ...[...this.#lost].map(([source, names]) => renderLostOutputs(source, [...names])),
      ...renderShortSecrets([...this.#tooShort])
    ];
  }
};
function renderLostOutputs(source, names) {
  const outputs = names.map((name) => `\`${name}\``).join(", ");
  const begin = names.length === 1 ? "This output contains" : "These outputs contain";
  return `${begin} a secret of \`${source}\`: ${outputs}. The runner hides a secret wherever its letters occur, and does not pass an output that contains a secret to other jobs. Use a longer secret that is not part of a name, or let this action generate it.`;
}
function renderShortSecrets(sources) {
  if (sources.length === 0) return [];
  const where = sources.map((source) => `\`${source}\``).join(", ");
  return [
    `A secret of fewer than 4 characters cannot be hidden in the log, because its letters occur in other words: ${where}. Use a longer one.`
  ];
}

// src/runner/log-text.ts
var LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
var UNSEEN = new RegExp("(?!\\t)[\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}](?<!\\p{Extended_Pictographic}[\\p{Emoji_Modifier}]?\\ufe0f?\\u200d|\\p{Extended_Pictographic}[\\ufe0e\\ufe0f])", "gu");
function renderPlainLines(text) {
  if (text === "") return [""];
  return text.split(LINE_END).map(
    (line) => line.replaceAll(UNSEEN, escapeCharacter).replaceAll("##[", "## [").replace(/^(\s*):(?=:)/u, "$1: ")
  );
}
function renderPlainTitle(text, most) {
  return (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .shortenText */ .Bu)(renderPlainLines(text).join(" "), most);
}
function escapeCharacter(character) {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
var Sections = class {
  #open;
  #close;
  #wanted;
  #shown;
  constructor(open4, close) {
    this.#open = open4;
    this.#close = close;
  }
  /** Starts a section for later lines; undefined starts none. A section without a line is not shown. */
  begin(title) {
    if (this.#shown !== void 0 && title !== this.#shown) {
      this.#shown = void 0;
      this.#close();
    }
    this.#wanted = title;
  }
  /** Opens the section if necessary; must be called before each line. */
  line() {
    if (this.#wanted !== void 0 && this.#wanted !== this.#shown) {
      this.#shown = this.#wanted;
      this.#open(this.#wanted);
    }
  }
};

// src/runner/door.ts
var MAX_LINE = 4096;
var MAX_TEXT = 65536;
var MAX_ANNOTATION = 16384;
var MAX_TITLE = 256;
var OrderedLog = class {
  #own;
  #redactor;
  #keyLines = new _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .KeyLines */ .H_();
  #withheld = [];
  #blocks = new _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .LineBlocks */ .n5((block) => this.#pass(() => this.#showLines(block)));
  #isOpen = true;
  /** Whether the last line was empty. More than one empty line helps no reader, and each line takes time. */
  #isAfterEmpty = false;
  constructor(own, redactor) {
    this.#own = own;
    this.#redactor = redactor;
  }
  /** Calls `prepare`, then writes a line. Repeated empty lines are left out. */
  line(raw, prepare) {
    const isRepeated = raw === "" && this.#isAfterEmpty;
    this.#isAfterEmpty = raw === "";
    if (isRepeated) return;
    prepare();
    this.#blocks.add(raw);
  }
  emit(write) {
    this.#blocks.end();
    this.#pass(write);
  }
  withhold() {
    this.#isOpen = false;
  }
  release() {
    this.#blocks.end();
    this.#isOpen = true;
    for (const write of this.#withheld.splice(0)) this.#own(write);
  }
  text(raw, most) {
    return renderPlainLines(this.#redactor.redact(raw, most)).join("\n");
  }
  title(raw) {
    return renderPlainTitle(this.#redactor.redact(raw, MAX_TITLE), MAX_TITLE);
  }
  #pass(write) {
    if (this.#isOpen) this.#own(write);
    else this.#withheld.push(write);
  }
  #showLines(raw) {
    const lines = raw.split("\n").map((line) => this.#keyLines.read(line));
    if (lines.every(({ isOfKey }) => isOfKey)) return;
    const shown = lines.map(({ text }) => text.length > MAX_LINE ? this.#redactor.redact(text, MAX_LINE) : text);
    info(this.text(shown.join("\n"), MAX_TEXT));
  }
};
function createDoor(own = (write) => write()) {
  const redactor = new _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .Redactor */ .pO();
  const hiding = new Hiding((mask) => own(() => setSecret(mask)));
  const log = new OrderedLog(own, redactor);
  const sections = new Sections(
    (name) => log.emit(() => startGroup(log.title(name))),
    () => log.emit(() => endGroup())
  );
  const warning2 = (name, raw) => log.emit(() => warning(log.text(raw, MAX_ANNOTATION), { title: log.title(name) }));
  return {
    info: (raw) => log.line(raw, () => sections.line()),
    debug: (raw) => log.emit(() => debug(log.text(raw, MAX_ANNOTATION))),
    warning: warning2,
    error: (name, raw, place) => {
      log.release();
      sections.begin(void 0);
      const at = place === void 0 ? {} : { file: place.file, startLine: place.line, startColumn: place.column };
      log.emit(() => error(log.text(raw, MAX_ANNOTATION), { title: log.title(name), ...at }));
    },
    section: (title) => sections.begin(title),
    setOutput: (name, value) => {
      const mustHide = hiding.checkOutput(name, String(value)) || (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .isMarked */ .rZ)(String(value));
      const shown = mustHide ? redactor.redact(String(value)) : value;
      own(() => setOutput(name, shown));
    },
    hide: (secret) => {
      hiding.hide(secret);
      redactor.add(secret.text);
    },
    redact: (raw) => redactor.redact(raw),
    redactMarkdown: (markdown) => redactor.redactMarkdown(markdown),
    withhold: () => log.withhold(),
    release: () => log.release(),
    end: () => {
      log.release();
      for (const text of hiding.warnings()) warning2("Secrets", text);
    }
  };
}

// src/runner/given-inputs.ts


// src/inputs/named-files.ts
var import_yaml = (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .__toESM */ .f1)((0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .require_dist */ .FW)(), 1);
var USERS = _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .credentialRows */ .JU.users;
var FILES = _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .fileRows */ .eX.files;
function listNamedFiles(raw) {
  const command = raw.get(_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .targetRows */ .dg.command.name)?.trim() || _chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .targetRows */ .dg.command.default;
  const isUsed = (row) => row.commands.some((each) => each === command);
  const users = isUsed(USERS) ? readPath(tryReadYaml(raw.get(USERS.name))) : void 0;
  const files = isUsed(FILES) ? listEntries(tryReadYaml(raw.get(FILES.name))) : [];
  return [
    ...users === void 0 ? [] : [{ input: USERS.name, path: users, entry: void 0 }],
    ...files.flatMap(([entry, value]) => {
      const path4 = readPath(value);
      return path4 === void 0 ? [] : [{ input: FILES.name, path: path4, entry }];
    })
  ];
}
function insertNamedTexts(raw, texts) {
  const users = texts.find(({ file }) => file.input === USERS.name);
  const files = new Map(texts.flatMap(({ file, text }) => file.entry === void 0 ? [] : [[file.entry, text]]));
  const entries = listEntries(tryReadYaml(raw.get(FILES.name))).map(([name, value]) => [
    name,
    files.get(name) ?? value
  ]);
  return new Map([
    ...raw,
    ...users === void 0 ? [] : [[USERS.name, users.text]],
    // JSON is YAML. A value that is not text stays unchanged, and is refused later.
    ...files.size === 0 ? [] : [[FILES.name, JSON.stringify(Object.fromEntries(entries))]]
  ]);
}
function readPath(value) {
  const [[key, path4] = [], ...others] = listEntries(value);
  return key === "path" && typeof path4 === "string" && others.length === 0 ? path4 : void 0;
}
function listEntries(value) {
  return Object.entries((0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .recordOf */ .zv)(value));
}
function tryReadYaml(text) {
  if (text === void 0 || !/\bpath\b/.test(text)) return void 0;
  try {
    return (0, import_yaml.parse)(text, { logLevel: "error", maxAliasCount: 0 });
  } catch {
    return void 0;
  }
}

// src/runner/workspace.ts




function readInputs(environment) {
  const inputs = /* @__PURE__ */ new Map();
  for (const [key, value] of Object.entries(environment)) {
    if (key.startsWith("INPUT_") && value !== void 0) inputs.set(key.slice("INPUT_".length).toLowerCase(), value);
  }
  return inputs;
}
function buildRunUrl(environment) {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = environment;
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return void 0;
  const run = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  return GITHUB_RUN_ATTEMPT ? `${run}/attempts/${GITHUB_RUN_ATTEMPT}` : run;
}
function readWorkspace(environment) {
  return {
    workspace: environment.GITHUB_WORKSPACE || node_process__WEBPACK_IMPORTED_MODULE_2__.cwd(),
    temporary: environment["RUNNER_TEMP"] || void 0
  };
}
var INSIDE = "inside of the workspace or of RUNNER_TEMP, after links are resolved";
async function locatePath({ workspace, temporary }, path4, { follows }) {
  const wanted = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.resolve)(workspace, path4);
  const roots = await Promise.all([workspace, temporary].filter((root) => root !== void 0).map(resolveLinks));
  const real = await resolveLinks(wanted);
  if (!roots.some((root) => isWithin(root, real))) return { kind: "outside", real };
  const isLink = !follows && !roots.includes(real) && await isSymbolicLink(wanted);
  return isLink ? { kind: "link" } : { kind: "inside", real };
}
function isWithin(root, path4) {
  const within = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.relative)(root, path4);
  return within !== ".." && !within.startsWith(`..${node_path__WEBPACK_IMPORTED_MODULE_10__.sep}`) && (0,node_path__WEBPACK_IMPORTED_MODULE_10__.resolve)(root, within) === path4;
}
async function resolveLinks(path4) {
  try {
    return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.realpath)(path4);
  } catch (error2) {
    const above = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(path4);
    if (!isMissing(error2) || above === path4 || await isSymbolicLink(path4)) throw error2;
    return (0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(await resolveLinks(above), (0,node_path__WEBPACK_IMPORTED_MODULE_10__.basename)(path4));
  }
}
async function isSymbolicLink(path4) {
  try {
    return (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.lstat)(path4)).isSymbolicLink();
  } catch (error2) {
    if (isMissing(error2)) return false;
    throw error2;
  }
}
function isMissing(error2) {
  return Error.isError(error2) && "code" in error2 && (error2.code === "ENOENT" || error2.code === "ENOTDIR");
}
async function readTextFile(workspace, path4, mostBytes) {
  try {
    const located = await locatePath(workspace, path4, { follows: true });
    if (located.kind !== "inside") return createRefusal(`lies outside of the workspace, expected a file ${INSIDE}`);
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = node_fs__WEBPACK_IMPORTED_MODULE_11__.constants;
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.open)(located.real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > mostBytes)
        return createRefusal(`is not a file of at most ${mostBytes} bytes`);
      const bytes = Buffer.alloc(mostBytes + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      if (bytesRead > mostBytes) return createRefusal(`is not a file of at most ${mostBytes} bytes`);
      return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, bytesRead)) };
    } finally {
      await file.close();
    }
  } catch (error2) {
    const code = Error.isError(error2) && "code" in error2 ? String(error2.code) : "unreadable";
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return createRefusal("is not UTF-8 text");
    return createRefusal(`cannot be read (${code}), expected a file of the workspace`);
  }
}
function createRefusal(because) {
  return { kind: "refused", because };
}

// src/runner/given-inputs.ts
var INPUT = "config-file";
var MAX_BYTES = 2 ** 20;
async function readConfigurationFile(inputs, environment, hide) {
  if (!("configFile" in inputs) || inputs.configFile === void 0) return inputs;
  const hideText = (text) => hide({ text, source: INPUT });
  const config = await readConfiguration(readWorkspace(environment), inputs.configFile, hideText);
  return { ...inputs, config };
}
async function readConfiguration(workspace, path4, hide) {
  const text = await readText(workspace, path4, path4);
  if (typeof text !== "string") throw (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .createInputError */ .Rb)([text]);
  (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .findSecretsInText */ .Rd)(text).forEach(hide);
  const included = new RecordingMap();
  for (; ; ) {
    included.missing.clear();
    const read = tryReading({ input: INPUT, file: path4, text, included });
    if ("tree" in read) {
      (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .collectSecrets */ .qb)(read.tree).forEach(hide);
      return read;
    }
    const found = await Promise.all(
      [...included.missing].map(async (name) => await readIncluded(workspace, path4, name))
    );
    const texts = found.filter((each) => each.text !== void 0);
    if (texts.length === 0) throw (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .createInputError */ .Rb)(read);
    for (const { name, text: inner = "" } of texts) {
      (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .findSecretsInText */ .Rd)(inner).forEach(hide);
      included.set(name, inner);
    }
  }
}
var RecordingMap = class extends Map {
  missing = /* @__PURE__ */ new Set();
  get(name) {
    const text = super.get(name);
    if (text === void 0) this.missing.add(name);
    return text;
  }
};
function tryReading(texts) {
  try {
    return (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .readTexts */ .Z7)(texts);
  } catch (error2) {
    if ((0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .hasCode */ .up)(error2, "INPUT_INVALID")) return error2.details.violations;
    throw error2;
  }
}
async function readIncluded(workspace, path4, name) {
  const text = await readText(workspace, (0,node_path__WEBPACK_IMPORTED_MODULE_10__.isAbsolute)(name) ? name : (0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(path4), name), name);
  return { name, text: typeof text === "string" ? text : void 0 };
}
async function readText(workspace, path4, given) {
  const read = await readTextFile(workspace, path4, MAX_BYTES);
  if (read.kind === "text") return read.text;
  const message = `got ${JSON.stringify(given)}, which ${read.because}`;
  return { input: INPUT, message, correction: `${INPUT}: deploy/nats.conf` };
}
async function readGivenInputs(raw, environment, hide) {
  (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .findInputSecrets */ .BB)(raw).forEach(hide);
  const given = await insertFiles(raw, environment);
  if (given !== raw) (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .findInputSecrets */ .BB)(given).forEach(hide);
  return await readConfigurationFile((0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .parseInputs */ .TL)(given), environment, hide);
}
async function insertFiles(raw, environment) {
  const read = await Promise.all(listNamedFiles(raw).map(async (file) => await readNamed(file, environment)));
  const violations = read.flatMap((each) => "violation" in each ? [each.violation] : []);
  if (violations.length > 0) throw (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .createInputError */ .Rb)(violations);
  const texts = read.flatMap((each) => "text" in each ? [each] : []);
  return texts.length === 0 ? raw : insertNamedTexts(raw, texts);
}
async function readNamed(file, environment) {
  const { input, path: path4, entry } = file;
  const read = await readTextFile(readWorkspace(environment), path4, MAX_BYTES);
  const isEmpty = read.kind === "text" && entry === void 0 && read.text.trim() === "";
  if (read.kind === "text" && !isEmpty) return { file, text: read.text };
  const because = read.kind === "text" ? "is empty" : read.because;
  const message = `got path ${JSON.stringify(path4)}${entry === void 0 ? "" : ` for \`${entry.slice(0, 100)}\``}, which ${because}`;
  const example = entry === void 0 ? "{path: deploy/users.yaml}" : "{accounts.conf: {path: deploy/accounts.conf}}";
  return { file, violation: { input, message, correction: `${input}: '${example}'` } };
}

// src/runner/output-folder.ts



// src/runner/output-files.ts




var LIST = ".nats-cluster-action-files";
var LINE = /^(?:([0-9a-f]{64}) {2})?((?:[\w-][\w.-]*\/)?\.*[\w-][\w.-]*)$/;
var RENDERED = /^(?:(?:templates|optional)\/)?(?:[a-z]+-[a-z0-9.-]+\.yaml|(?:README|NOTES)\.(?:md|txt)|(?:kustomization|Chart|values|namespace)\.yaml|values\.schema\.json|\.gitignore|\.helmignore|[a-z][a-z0-9-]*\.tgz)$/;
var MAX_LINES = 1e4;
function parseList(text) {
  return text.split("\n", MAX_LINES).map((line) => LINE.exec(line)).flatMap((match) => match?.[2] === void 0 ? [] : [{ path: match[2], digest: match[1] }]);
}
function renderList(files) {
  const lines = files.map(({ path: path4, digest }) => ({ path: path4, line: digest === void 0 ? path4 : `${digest}  ${path4}` }));
  const unique = new Map(lines.map(({ path: path4, line }) => [line, path4]));
  return [...unique].toSorted(
    ([left, leftPath], [right, rightPath]) => leftPath === rightPath ? left < right ? -1 : 1 : leftPath < rightPath ? -1 : 1
  ).map(([line]) => `${line}
`).join("");
}
function digestContent(content) {
  return (0,node_crypto__WEBPACK_IMPORTED_MODULE_13__.createHash)("sha256").update(content).digest("hex");
}
function isRenderedPath(path4) {
  return RENDERED.test(path4);
}
var SUBFOLDERS = ["templates", "optional"];
var TEMPORARY = /^\.(?:nats-cluster-action-)?[0-9a-f]{12}\.tmp$/;
var MAX_BYTES2 = 2 ** 26;
async function makeFolder(path4) {
  try {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.mkdir)(path4);
  } catch (error2) {
    const above = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(path4);
    if (hasErrorCode(error2, "EEXIST") && (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.lstat)(path4)).isDirectory()) return;
    if (!hasErrorCode(error2, "ENOENT") || above === path4) throw error2;
    await makeFolder(above);
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.mkdir)(path4);
  }
}
async function removeTemporaries(folder) {
  for (const below of [".", ...SUBFOLDERS]) {
    if (await readState((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, below)) !== "folder") continue;
    const names = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.readdir)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, below));
    for (const name of names.filter((each) => TEMPORARY.test(each))) {
      const path4 = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, below, name);
      if (await readState(path4) === "file") await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.unlink)(path4);
    }
  }
}
async function readState(path4) {
  try {
    const found = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.lstat)(path4);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "other";
  } catch (error2) {
    if (hasErrorCode(error2, "ENOENT") || hasErrorCode(error2, "ENOTDIR")) return void 0;
    throw error2;
  }
}
async function writeWholeFile(folder, { path: path4, content, isSecret }) {
  const target = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, path4);
  const temporary = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(target), `.nats-cluster-action-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_13__.randomBytes)(6).toString("hex")}.tmp`);
  await makeFolder((0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(target));
  try {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = node_fs__WEBPACK_IMPORTED_MODULE_11__.constants;
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.open)(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, isSecret ? 384 : 420);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.rename)(temporary, target);
  } catch (error2) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.rm)(temporary, { force: true });
    throw error2;
  }
}
async function removeFiles(folder, files) {
  const digests = Map.groupBy(files, ({ path: path4 }) => path4);
  const [removed, kept] = [[], []];
  for (const [path4, known] of digests) {
    const parent = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(path4);
    const isBelow = await readState((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, parent)) === "folder";
    const state = await readState((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, path4));
    if (state === void 0) continue;
    if (isBelow && state === "file" && isRenderedPath(path4) && await hasDigest(folder, path4, known)) {
      await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.unlink)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, path4));
      removed.push(path4);
    } else {
      kept.push(path4);
    }
    if (parent !== "." && isBelow) await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.rmdir)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, parent)).catch(() => void 0);
  }
  return { removed, kept };
}
async function hasDigest(folder, path4, known) {
  const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.open)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, path4), node_fs__WEBPACK_IMPORTED_MODULE_11__.constants.O_RDONLY | node_fs__WEBPACK_IMPORTED_MODULE_11__.constants.O_NOFOLLOW);
  try {
    if ((await file.stat()).size > MAX_BYTES2) return false;
    const digest = digestContent(await file.readFile());
    return known.some((each) => each.digest === digest);
  } finally {
    await file.close();
  }
}
function hasErrorCode(error2, code) {
  return Error.isError(error2) && "code" in error2 && error2.code === code;
}

// src/runner/output-folder.ts
var INPUT2 = "output-directory";
var MAX_LIST_BYTES = 2 ** 21;
async function writeOutputFolder(workspace, path4, files) {
  try {
    const folder = await prepareFolder(workspace, path4);
    await removeTemporaries(folder);
    const before = await readEarlierList(folder);
    const paths = files.map((file) => file.path);
    await requireReplaceable(folder, paths, before);
    if (files.some(({ isSecret }) => isSecret)) await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.chmod)(folder, 448);
    const listed = files.map((file) => ({ path: file.path, digest: digestContent(file.content) }));
    await writeWholeFile(folder, { path: LIST, content: renderList([...before ?? [], ...listed]), isSecret: false });
    for (const file of files) {
      await writeWholeFile(folder, file);
    }
    const others = (before ?? []).filter((file) => !paths.includes(file.path));
    const { removed, kept } = await removeFiles(folder, others);
    await writeWholeFile(folder, { path: LIST, content: renderList(listed), isSecret: false });
    return { folder, removed, kept };
  } catch (error2) {
    const code = Error.isError(error2) && "code" in error2 ? String(error2.code) : "";
    if (!/^E[A-Z]+$/.test(code)) throw error2;
    throw createRefusal2(
      `${JSON.stringify(path4)} cannot be written (${code}), expected a folder that this user may write`
    );
  }
}
async function prepareFolder(workspace, path4) {
  const located = await locatePath(workspace, path4, { follows: false });
  const named = JSON.stringify(path4);
  switch (located.kind) {
    case "outside":
      throw createRefusal2(`got ${named}, which leads to ${JSON.stringify(located.real)}, expected a folder ${INSIDE}`);
    case "link":
      throw createRefusal2(`got ${named}, which is a link, expected the folder itself`);
    case "inside": {
      const { real } = located;
      await makeFolder(real);
      if (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.realpath)(real) === real) return real;
      throw createRefusal2(`got ${named}, which became a link in the meantime, expected a folder`);
    }
  }
}
async function readEarlierList(folder) {
  const state = await readState((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, LIST));
  if (state === void 0) return void 0;
  const within = { workspace: folder, temporary: void 0 };
  const read = state === "file" ? await readTextFile(within, LIST, MAX_LIST_BYTES) : void 0;
  if (read?.kind === "text") return parseList(read.text);
  throw createRefusal2(
    `${JSON.stringify((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, LIST))} is not a list that an earlier \`render\` wrote; remove this file`
  );
}
async function requireReplaceable(folder, paths, before) {
  const present = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.readdir)(folder);
  if (before === void 0 && present.length > 0) {
    const some = present.slice(0, 3).map((name) => JSON.stringify(name));
    throw createRefusal2(
      `${JSON.stringify(folder)} holds files that this action did not write (${some.join(", ")}${present.length > 3 ? ", …" : ""}), expected an empty folder, or that of an earlier \`render\``
    );
  }
  const own = /* @__PURE__ */ new Set([...(before ?? []).map(({ path: path4 }) => path4), LIST]);
  for (const path4 of [...paths, LIST]) {
    const found = await readState((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, path4));
    if (found === "folder" || found !== void 0 && !own.has(path4)) {
      throw createRefusal2(
        `${JSON.stringify((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, path4))} exists, but this action did not write it, expected no such path: move it away, because \`render\` writes a file there`
      );
    }
    const parent = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(path4);
    if (!["folder", void 0].includes(await readState((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, parent)))) {
      throw createRefusal2(`${JSON.stringify((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, parent))} is not a folder, expected a folder or no such path`);
    }
  }
}
function createRefusal2(message) {
  return (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .createInputError */ .Rb)([{ input: INPUT2, message, correction: `${INPUT2}: rendered/nats` }]);
}

// src/runner/report-files.ts



function writeReportFolder(environment, files) {
  const folder = (0,node_fs__WEBPACK_IMPORTED_MODULE_11__.mkdtempSync)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(environment["RUNNER_TEMP"] || (0,node_os__WEBPACK_IMPORTED_MODULE_14__.tmpdir)(), "nats-cluster-"));
  for (const { name, text } of files) {
    const path4 = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.resolve)(folder, name);
    const within = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.relative)(folder, path4);
    if (within === "" || within === ".." || within.startsWith(`..${node_path__WEBPACK_IMPORTED_MODULE_10__.sep}`)) {
      throw new RangeError(`the file name ${JSON.stringify(name)} is outside of the report folder`);
    }
    (0,node_fs__WEBPACK_IMPORTED_MODULE_11__.mkdirSync)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.dirname)(path4), { recursive: true });
    (0,node_fs__WEBPACK_IMPORTED_MODULE_11__.writeFileSync)(path4, text, { flag: "wx" });
  }
  return folder;
}
var MAX_SUMMARY_BYTES = 1024 * 1024;
function writeReportFiles(environment, files, door) {
  try {
    return writeReportFolder(
      environment,
      files.map(({ name, text }) => ({ name, text: redactFile(name, text, door) }))
    );
  } catch (cause) {
    door.warning("Report", `the report files could not be written: ${String(cause)}`);
    return void 0;
  }
}
function redactFile(name, text, door) {
  if (name.endsWith(".json")) return redactJson(text, door);
  return name.endsWith(".md") ? door.redactMarkdown(text) : door.redact(text);
}
function redactJson(text, { redact }) {
  const value = JSON.parse(text, (_key, inner) => {
    if (typeof inner === "string") return redact(inner);
    if (!(0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .isRecord */ .u4)(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, kept]) => [redact(key), kept]));
  });
  return `${JSON.stringify(value, void 0, 2)}
`;
}
function appendSummary(environment, markdown, door) {
  if (!environment.GITHUB_STEP_SUMMARY) return;
  try {
    (0,node_fs__WEBPACK_IMPORTED_MODULE_11__.appendFileSync)(
      environment.GITHUB_STEP_SUMMARY,
      `${(0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .shortenMarkdown */ .zU)(door.redactMarkdown(markdown), MAX_SUMMARY_BYTES - 1)}
`
    );
  } catch (cause) {
    door.warning("Summary", `the job summary could not be written: ${String(cause)}`);
  }
}

// src/runner/script.ts





// src/runner/script-folder.ts




var NAME = /^nats-smoke-test-(\d{1,10})-(\d{1,20})-[A-Za-z0-9]{6}$/;
async function makeScriptFolder(environment) {
  const startedAt = await readStartTime(node_process__WEBPACK_IMPORTED_MODULE_2__.pid) ?? "0";
  return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(selectParentFolder(environment), `nats-smoke-test-${node_process__WEBPACK_IMPORTED_MODULE_2__.pid}-${startedAt}-`));
}
async function removeLeftFolders(environment) {
  const folder = selectParentFolder(environment);
  const names = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.readdir)(folder).catch(() => []);
  for (const name of names) {
    const [, pid, startedAt] = NAME.exec(name) ?? [];
    if (pid === void 0 || await readStartTime(Number(pid)) === startedAt) continue;
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.rm)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, name), { recursive: true, force: true }).catch(() => void 0);
  }
}
function selectParentFolder(environment) {
  return environment["RUNNER_TEMP"] || (0,node_os__WEBPACK_IMPORTED_MODULE_14__.tmpdir)();
}
async function readStartTime(pid) {
  try {
    const text = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.readFile)(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return node_process__WEBPACK_IMPORTED_MODULE_2__.platform === "linux" || !isAlive(pid) ? void 0 : "0";
  }
}
function isAlive(pid) {
  try {
    return node_process__WEBPACK_IMPORTED_MODULE_2__.kill(pid, 0);
  } catch (error2) {
    return Error.isError(error2) && "code" in error2 && error2.code === "EPERM";
  }
}

// src/runner/script.ts
var LineSplitter = class {
  #onLine;
  #limits;
  #last = [];
  #begun = "";
  #chars = 0;
  #isBegun = false;
  #isCut = false;
  #leftOut = 0;
  constructor(onLine, limits) {
    this.#onLine = onLine;
    this.#limits = limits;
  }
  write(text) {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; from = end + 1, end = text.indexOf("\n", from)) {
      this.#add(text.slice(from, end));
      this.#report();
    }
    this.#add(text.slice(from));
  }
  /** Reports the last line too, which may lack a line ending. */
  end() {
    if (this.#isBegun) this.#report();
    if (this.#leftOut > 0) this.#onLine(`(${this.#leftOut} lines are left out)`);
    this.#last.splice(0).forEach(this.#onLine);
  }
  #add(part) {
    const room = this.#limits.mostLineChars - this.#begun.length;
    this.#begun += part.slice(0, room);
    this.#isCut ||= part.length > room;
    this.#isBegun ||= part !== "";
  }
  #report() {
    const text = this.#begun;
    const line = this.#isCut ? `${text.slice(0, text.lastIndexOf(" ") + 1)}…` : text.replace(/\r$/, "");
    this.#chars += line.length;
    if (this.#chars <= this.#limits.mostChars) this.#onLine(line);
    else this.#last.push(line);
    if (this.#last.length > this.#limits.lastLines) {
      this.#last.shift();
      this.#leftOut += 1;
    }
    this.#begun = "";
    this.#isBegun = false;
    this.#isCut = false;
  }
};
var GRACE_MS2 = 1e3;
var DRAIN_MS = 1e3;
var LIMITS = { mostLineChars: 4096, mostChars: 8 * 1024 * 1024, lastLines: 20 };
var MAX_UNFINISHED_BYTES = 8 * 1024 * 1024;
var BASH = ["--noprofile", "--norc"];
var LEADER = 'exec 3>&2 2>/dev/null; set -m; bash --noprofile --norc -eo pipefail "$1" </dev/null 2>&3 3>&- & set +m; echo "$!" >"$2"; exec 3>&-; wait "$!"; code=$?; kill -TERM -- "-$!" 2>/dev/null; exit "$code"';
async function runScript(environment, script) {
  const folder = await makeScriptFolder(environment);
  const [file, group] = [(0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, "script"), (0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, "group")];
  const files = (0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(folder, "files");
  const stop = () => void stopGroup(group);
  const [output, errors] = [new StreamReader(script.onLine, stop), new StreamReader(script.onLine, stop)];
  try {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.mkdir)(files);
    for (const [name, text] of Object.entries(script.files)) {
      await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.writeFile)((0,node_path__WEBPACK_IMPORTED_MODULE_10__.join)(files, name), text, { mode: 384 });
    }
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.writeFile)(file, script.text, { mode: 384 });
    script.signal.throwIfAborted();
    script.signal.addEventListener("abort", stop, { once: true });
    const exitCode = await exec("bash", [...BASH, "-c", LEADER, "smoke-test", file, group], {
      env: { ...omitInputs(environment), ...script.variables(files) },
      silent: true,
      ignoreReturnCode: true,
      delay: DRAIN_MS,
      // The line listeners of @actions/exec lose a last line without a line ending.
      listeners: { stdout: (bytes) => output.write(bytes), stderr: (bytes) => errors.write(bytes) }
    });
    output.end();
    errors.end();
    return exitCode;
  } finally {
    script.signal.removeEventListener("abort", stop);
    await signalGroup(group, "SIGKILL");
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.rm)(folder, { recursive: true, force: true });
  }
}
var StreamReader = class {
  #decoder = new node_string_decoder__WEBPACK_IMPORTED_MODULE_15__.StringDecoder("utf8");
  #splitter;
  #stop;
  #unfinished = 0;
  constructor(onLine, stop) {
    this.#splitter = new LineSplitter(onLine, LIMITS);
    this.#stop = stop;
  }
  write(bytes) {
    const end = bytes.lastIndexOf("\n");
    this.#unfinished = end < 0 ? this.#unfinished + bytes.length : bytes.length - end - 1;
    if (this.#unfinished > MAX_UNFINISHED_BYTES) this.#stop();
    this.#splitter.write(this.#decoder.write(bytes));
  }
  end() {
    this.#splitter.write(this.#decoder.end());
    this.#splitter.end();
  }
};
async function stopGroup(group) {
  await signalGroup(group, "SIGTERM");
  setTimeout(() => void signalGroup(group, "SIGKILL"), GRACE_MS2).unref();
}
async function signalGroup(group, signal) {
  try {
    const leader = Number(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_12__.readFile)(group, "utf8"));
    if (leader > 1) node_process__WEBPACK_IMPORTED_MODULE_2__.kill(-leader, signal);
  } catch {
  }
}
function omitInputs(environment) {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^(INPUT_|ACTIONS_RUNTIME_|ACTIONS_ID_TOKEN_)/.test(name)
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => value === void 0 ? [] : [[name, value]]));
}

// src/runner/runner.ts
var RunRecord = class {
  #hasReported = false;
  #place;
  hasReported = () => this.#hasReported;
  place = () => this.#place;
  locate = (place) => {
    this.#place = place;
  };
  markReported() {
    this.#hasReported = true;
  }
};
function createRunner(environment, signal, door = createDoor()) {
  const given = readInputs(environment);
  const record = new RunRecord();
  const { hasReported, place, locate } = record;
  return {
    ...door,
    inputs: (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .deriveName */ .HT)(given),
    givenName: given.get("name")?.trim(),
    signal,
    runUrl: buildRunUrl(environment),
    kubeconfigPath: environment.KUBECONFIG || void 0,
    now: () => /* @__PURE__ */ new Date(),
    writeSummary: (markdown) => appendSummary(environment, markdown, door),
    writeReport: (files) => {
      record.markReported();
      return writeReportFiles(environment, files, door);
    },
    hasReported,
    place,
    locate,
    writeFolder: async (path4, files) => await writeOutputFolder(readWorkspace(environment), path4, files),
    runScript: (script) => runScript(environment, script)
  };
}

// src/runner/stray-output.ts


async function flushStreams(streams, patienceMs = 2e3) {
  const written = streams.map((stream) => new Promise((resolve4) => stream.write("", () => resolve4())));
  await Promise.race([Promise.all(written), (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_16__.setTimeout)(patienceMs)]);
}
var MAX_PENDING = 65536;
var OutputGuard = class {
  #streams;
  #isOwn = false;
  constructor(streams) {
    this.#streams = streams;
  }
  /** Runs `write`, whose text goes to the streams unchanged. */
  own(write) {
    const before = this.#isOwn;
    this.#isOwn = true;
    try {
      write();
    } finally {
      this.#isOwn = before;
    }
  }
  /** Redirects to `onLine` every line that is written to the streams from now on, except the text of `own`. */
  begin(onLine) {
    for (const stream of this.#streams) divertStream(stream, () => this.#isOwn, onLine);
  }
};
function divertStream(stream, isOwn, onLine) {
  const direct = stream.write.bind(stream);
  const decoder = new node_string_decoder__WEBPACK_IMPORTED_MODULE_15__.StringDecoder("utf8");
  let pending = "";
  const write = (chunk, ...rest) => {
    const written = rest.find((value) => typeof value === "function");
    const callback = () => void written?.();
    if (isOwn() || chunk.length === 0) return direct(chunk, callback);
    pending += typeof chunk === "string" ? chunk : decoder.write(chunk);
    const lines = pending.split("\n");
    const last = lines.pop() ?? "";
    pending = last.length > MAX_PENDING ? "" : last;
    lines.forEach(onLine);
    if (pending !== last) onLine(last);
    callback();
    return true;
  };
  Object.defineProperty(stream, "write", { value: write, configurable: true, writable: true });
}

// src/main.ts
var cancellation = createCancellationSignal((reason) => fail(reason));
var STREAMS = [node_process__WEBPACK_IMPORTED_MODULE_2__.stdout, node_process__WEBPACK_IMPORTED_MODULE_2__.stderr];
var guard = new OutputGuard(STREAMS);
var runner = createRunner(
  node_process__WEBPACK_IMPORTED_MODULE_2__.env,
  cancellation,
  createDoor((write) => guard.own(write))
);
guard.begin(runner.info);
node_process__WEBPACK_IMPORTED_MODULE_2__.removeAllListeners("warning").on("warning", (warning2) => runner.debug(warning2.stack ?? warning2.message));
function fail(error2) {
  (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .reportFailure */ .xV)(error2, runner);
  runner.end();
  node_process__WEBPACK_IMPORTED_MODULE_2__.exit(1);
}
node_process__WEBPACK_IMPORTED_MODULE_2__.on("uncaughtException", fail);
try {
  await removeLeftFolders(node_process__WEBPACK_IMPORTED_MODULE_2__.env);
  const inputs = await readGivenInputs(runner.inputs, node_process__WEBPACK_IMPORTED_MODULE_2__.env, runner.hide);
  const [given, name] = [readInputs(node_process__WEBPACK_IMPORTED_MODULE_2__.env), runner.inputs].map((raw) => raw.get("name")?.trim());
  if (given !== name) runner.info(`name: ${given} becomes ${name}`);
  const { runCommand } = await __nccwpck_require__.e(/* import() */ 981).then(__nccwpck_require__.bind(__nccwpck_require__, 981));
  await runCommand(inputs, runner);
  runner.end();
  await flushStreams(STREAMS);
} catch (error2) {
  (0,_chunk_js__WEBPACK_IMPORTED_MODULE_1__/* .reportFailure */ .xV)(error2, runner);
  runner.end();
  await flushStreams(STREAMS);
  node_process__WEBPACK_IMPORTED_MODULE_2__.exit(1);
}
node_process__WEBPACK_IMPORTED_MODULE_2__.exit(0);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(296);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
