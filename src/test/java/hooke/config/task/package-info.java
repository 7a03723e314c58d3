@org.jspecify.annotations.NullMarked
package hooke.config.task;
