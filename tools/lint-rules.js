/** Reports `new Date()` and `Date()`, because they read the clock: in the core, time is an argument. */
const noClock = {
  create: (context) => ({
    NewExpression: (node) => report(context, node, node.arguments.length === 0),
    CallExpression: (node) => report(context, node, true),
  }),
};

function report(context, node, readsClock) {
  if (readsClock && node.callee.type === 'Identifier' && node.callee.name === 'Date') {
    context.report({ node, message: 'Time is an argument in the core (docs/architecture.md).' });
  }
}

export default { meta: { name: 'core' }, rules: { 'no-clock': noClock } };
