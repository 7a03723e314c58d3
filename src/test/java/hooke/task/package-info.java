@org.jspecify.annotations.NullMarked
package hooke.task;
