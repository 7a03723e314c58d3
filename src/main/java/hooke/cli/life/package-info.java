/** Commands that test a model of Life, or let it play. */
@org.jspecify.annotations.NullMarked
package hooke.cli.life;
