@org.jspecify.annotations.NullMarked
package hooke.cli.runs;
