/** Commands that look inside a model. */
@org.jspecify.annotations.NullMarked
package hooke.cli.lens;
