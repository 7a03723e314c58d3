/** Logs and exports of runs, against the rules of those who read them. */
@org.jspecify.annotations.NullMarked
package hooke.track;
