@org.jspecify.annotations.NullMarked
package hooke.sweep.file;
