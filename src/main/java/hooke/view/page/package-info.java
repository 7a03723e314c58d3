/**
 * What every page is made of: the shell with its scripts and style, text escaped by construction, tables, figures and the glossary.
 *
 * <pre>{@code
 * Html text = Html.text("1 < 2");                                             // written as 1 &lt; 2
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.view.page;
