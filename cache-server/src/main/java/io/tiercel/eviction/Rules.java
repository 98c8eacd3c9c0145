package io.tiercel.eviction;

/** The four rules, each with its number. Stateless. */
final class Rules {
    static final int COUNT = 4;

    private Rules() {}

    /** One of each over a table, with the fields of each. */
    static Rule[] over(EntryTable table, RuleFields[] fields, Rule.Listener listener, long capacity,
            FrequencySketch sketch) {
        return new Rule[]{new GdsfRule(table, fields[0], listener, 0, capacity),
            new LirsRule(table, fields[1], listener, 1, capacity),
            new S3FifoRule(table, fields[2], listener, 2, capacity),
            new TinyLfuRule(table, fields[3], listener, 3, capacity, sketch)};
    }
}
