@org.jspecify.annotations.NullMarked
package hooke.model;
