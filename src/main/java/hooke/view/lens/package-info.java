/** Pages on what a model has learned and where it looks. */
@org.jspecify.annotations.NullMarked
package hooke.view.lens;
