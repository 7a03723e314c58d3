@org.jspecify.annotations.NullMarked
package hooke.fused.context;
