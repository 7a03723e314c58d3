package hooke.config.form;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The word that a file writes for 0: {@code threads: auto}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Zero {
    String value();

    /** Whether the number 0 means the word, too, as other programs write it: {@code dropout: 0.0}. */
    boolean orNumber() default false;
}
