@org.jspecify.annotations.NullMarked
package hooke.interop.pickle;
