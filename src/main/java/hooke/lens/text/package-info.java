/**
 * What a model makes of a text, token by token, beside a model that only counts.
 *
 * <pre>{@code
 * double[] losses = TokenLosses.of(model, text.scored());          // nats, one for each token of the test set
 * TextStudy study = TextStudy.of(textConfig, text, model);
 * study.difference().text();                                        // how much better than a bigram model, with an interval
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.text;
