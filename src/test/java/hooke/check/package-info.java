@org.jspecify.annotations.NullMarked
package hooke.check;
