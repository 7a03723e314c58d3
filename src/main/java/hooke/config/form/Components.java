package hooke.config.form;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * The parts of a record and their keys in a file, looked up once a class: Java makes them anew at every call, each with an accessor that
 * must warm up again, which a sweep of a thousand cells would wait seconds for.
 */
public record Components(List<RecordComponent> all, List<String> keys, Constructor<?> constructor) {
    private static final ClassValue<Components> KNOWN = new ClassValue<>() {
        @Override
        protected Components computeValue(Class<?> type) {
            List<RecordComponent> all = List.of(type.getRecordComponents());
            List<String> keys = all.stream().map(c -> Words.key(c.getName())).toList();
            return new Components(all, keys, type.getDeclaredConstructors()[0]);
        }
    };

    /** The class of a component's values, or of the items where it is a list. */
    static Class<?> itemType(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType list
                        && list.getActualTypeArguments()[0] instanceof Class<?> item
                ? item
                : component.getType();
    }

    public static Components of(Class<?> record) {
        return KNOWN.get(record);
    }
}
