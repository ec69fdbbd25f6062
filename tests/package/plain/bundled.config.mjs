// As serverless hosts want it: no import left in the bundle.
export default { ssr: { noExternal: true } };
