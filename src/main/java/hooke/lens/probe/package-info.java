/**
 * Linear probes: what can be read off an activation by a linear map, measured on examples that the map never saw.
 *
 * <pre>{@code
 * HookPoint point = Point.RESID_MID.at(0);
 * Activation activation = Activation.of(opened, point, position, numbers);
 * Probe.Result result = Probe.classes(activation, labels, classes, seed);
 * result.test();                                                          // share right, with its interval and n
 * result.baseline();                                                      // the same of whoever always says the most frequent class
 * }</pre>
 *
 * The key idea: three sets of examples. The map is fitted on the first, how strongly it is held small is chosen on the second, and only
 * the third, looked at once, is reported.
 *
 * <p>L-BFGS is written out here: of the libraries weighed, Hipparchus has no quasi-Newton method, and its conjugate gradients evaluated a
 * probe of 1,300 weights 18,518 times where this one needs 308; libtorch's calls back into Java out of native code. What has a
 * decomposition is libtorch's ({@link hooke.tensor.Factors}).
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.probe;
