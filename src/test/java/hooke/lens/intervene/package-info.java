@org.jspecify.annotations.NullMarked
package hooke.lens.intervene;
