@org.jspecify.annotations.NullMarked
package hooke.hook;
