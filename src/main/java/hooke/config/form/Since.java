package hooke.config.form;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key that came after the first release. Every run trained before had the value that is now its default, so the identity of an
 * experiment leaves the key out while it has that value: a new key renames no stored run.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Since {
    /** The release that brought the key. */
    String release();

    /** The value of all runs before, as a file writes it; the default, which must never change. */
    String before();
}
