package hooke;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What this Java can do on this processor, asked of its flags, since a process that only plans has no Vector API. */
public final class Jvm {
    private Jvm() {}

    /** Whether it multiplies and adds in one instruction; without it, or told not to, Java does each by {@code BigDecimal}. */
    public static boolean fusesMultiplyAdd() {
        var flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return flags == null || Boolean.parseBoolean(flags.getVMOption("UseFMA").getValue());
    }
}
