/**
 * Linear probes: what can be read off an activation by a linear map, measured on examples that the map never saw.
 *
 * <pre>{@code
 * HookPoint point = Point.RESID_MID.at(0);
 * Activation activation = Activation.of(opened, point, position, examples);
 * Probe.Result result = Probe.classes(activation, labels, classes, seed);
 * result.test();                                                          // share right, with its interval and n
 * result.baseline();                                                      // the same of whoever always says the most frequent class
 * }</pre>
 *
 * The key idea: three sets of examples. The map is fitted on the first, how strongly it is held small is chosen on the second, and only
 * the third, looked at once, is reported. This room uses {@code stats}, {@code task}, {@code hook}, {@code model}, {@code tensor} and
 * its own {@code lens}.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.probe;
