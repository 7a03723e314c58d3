/** The page of a sweep: its cells, survival curves and the settings that mattered. */
@org.jspecify.annotations.NullMarked
package hooke.view.sweep;
