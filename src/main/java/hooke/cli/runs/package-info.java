/** Commands that show, compare, export and import runs. */
@org.jspecify.annotations.NullMarked
package hooke.cli.runs;
