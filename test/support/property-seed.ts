import fc from "fast-check";

/**
 * Property tests draw the same cases each time, so that whether the suite passes is no matter of luck.
 * `PROPERTY_SEED=N npm test` draws others.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED ?? 1) });
