package hooke;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What this Java can do on this processor, asked of its flags, since a process that only plans has no Vector API. */
public final class Jvm {
    private Jvm() {}

    /** With which of the processor's instructions its vectors are computed, as {@code Java 256 bits}. */
    public static String instructions() {
        return "Java " + 8 * Long.parseLong(flag("MaxVectorSize", "0")) + " bits"
                + (fusesMultiplyAdd() ? "" : " without FMA");
    }

    /** Whether it multiplies and adds in one instruction; without it, or told not to, Java does each by {@code BigDecimal}. */
    public static boolean fusesMultiplyAdd() {
        return Boolean.parseBoolean(flag("UseFMA", "true"));
    }

    /** @param otherwise where this Java has no such flag */
    private static String flag(String name, String otherwise) {
        var flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        try {
            return flags == null ? otherwise : flags.getVMOption(name).getValue();
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }
}
