import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Build step: compiles ahead what Chronicle Map otherwise generates and compiles in every process that opens a map, and
 * which takes longer than all the rest of a node's start. Chronicle looks for the class by its name first, so that one
 * found on the class path is taken. Made from the very jars that it is packaged with.
 *
 * <p>Argument: the folder for the class.
 */
final class ChronicleValues {
    private static final String PACKAGE = "net.openhft.chronicle.hash";
    private static final String INTERFACE = "VanillaGlobalMutableState";

    public static void main(String[] arguments) throws Exception {
        Path classes = Path.of(arguments[0]);
        String name = INTERFACE + "$$Native";
        Path sources = Files.createDirectories(classes.resolveSibling("generated-values"));
        Path source = sources.resolve(name + ".java");
        Files.writeString(source, sourceOf(name));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int failed = compiler.run(null, null, null, List.of("-nowarn", "-proc:none", "-cp",
                System.getProperty("java.class.path"), "-d", classes.toString(), source.toString())
                .toArray(new String[0]));
        if (failed != 0) {
            throw new IllegalStateException("cannot compile " + source);
        }
    }

    /** Chronicle's own generator is not public. */
    private static String sourceOf(String name) throws ReflectiveOperationException {
        Class<?> models = Class.forName("net.openhft.chronicle.values.ValueModel");
        Object model = models.getMethod("acquire", Class.class).invoke(null,
                Class.forName(PACKAGE + "." + INTERFACE));
        Method generate = Class.forName("net.openhft.chronicle.values.Generators")
                .getDeclaredMethod("generateNativeClass", models, String.class);
        generate.setAccessible(true);
        return (String) generate.invoke(null, model, name);
    }
}
