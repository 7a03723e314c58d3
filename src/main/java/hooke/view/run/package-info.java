/** Pages of one run and of a few side by side. */
@org.jspecify.annotations.NullMarked
package hooke.view.run;
