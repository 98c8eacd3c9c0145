package io.tiercel.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The commands by name. Immutable. */
enum Subcommand {
    SERVE,
    DEMO,
    GET,
    PUT,
    STAT,
    EXISTS,
    LS,
    DU,
    RM,
    MV,
    CP,
    INVALIDATE,
    WARM,
    STATUS,
    TOP,
    PING,
    EXPLAIN,
    CONFIG,
    DOCTOR,
    VERIFY,
    VERSION,
    COMPLETION;

    static @Nullable Subcommand tryOf(String name) {
        for (Subcommand subcommand : values()) {
            if (subcommand.toString().equals(name)) {
                return subcommand;
            }
        }
        return null;
    }

    /** A new object that picocli fills and runs; only its own classes are loaded. */
    Object create(Console console) {
        return switch (this) {
            case SERVE -> new ServeCommand(console);
            case DEMO -> new DemoCommand(console);
            case GET -> new GetCommand(console);
            case PUT -> new PutCommand(console);
            case STAT -> new StatCommand(console);
            case EXISTS -> new ExistsCommand(console);
            case LS -> new LsCommand(console);
            case DU -> new DuCommand(console);
            case MV -> new MvCommand(console);
            case CP -> new CpCommand(console);
            case WARM -> new WarmCommand(console);
            case TOP -> new TopCommand(console);
            case DOCTOR -> new DoctorCommand(console);
            case COMPLETION -> new CompletionCommand(console);
            case RM -> new RmCommand(console);
            case INVALIDATE -> new InvalidateCommand(console);
            case STATUS -> new StatusCommand(console);
            case EXPLAIN -> new ExplainCommand(console);
            case PING -> new PingCommand(console);
            case CONFIG -> new ConfigCommand(console);
            case VERIFY -> new VerifyCommand(console);
            case VERSION -> new VersionCommand(console);
        };
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
