@org.jspecify.annotations.NullMarked
package hooke.store.files;
