package io.tiercel.arrow;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.AbstractStructVector.ConflictPolicy;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Vectors that batches of one schema are loaded into, and how their fields lie in a batch. */
record Columns(VectorSchemaRoot root, List<VectorLayout> layouts) {

    /** Vectors of a schema in memory format. */
    static Columns of(Schema schema, BufferAllocator allocator) {
        List<FieldVector> vectors = new ArrayList<>(schema.getFields().size());
        List<VectorLayout> layouts = new ArrayList<>(schema.getFields().size());
        for (Field field : schema.getFields()) {
            VectorLayout layout = VectorLayout.of(field);
            FieldVector vector = vectorOf(field, allocator);
            checkChildren(vector, layout);
            vectors.add(vector);
            layouts.add(layout);
        }
        return new Columns(new VectorSchemaRoot(schema, vectors, 0), layouts);
    }

    /** One vector of its own. */
    static Columns of(Field field, BufferAllocator allocator) {
        return of(new Schema(List.of(field)), allocator);
    }

    FieldVector first() {
        return root.getVector(0);
    }

    private static FieldVector vectorOf(Field field, BufferAllocator allocator) {
        FieldVector vector = field.getFieldType().createNewSingleVector(field, allocator, null);
        if (vector instanceof StructVector struct) {
            // Arrow's default would drop a field for the next of the same name.
            struct.setConflictPolicy(ConflictPolicy.CONFLICT_APPEND);
        }
        vector.initializeChildrenFromFields(field.getChildren());
        return vector;
    }

    private static void checkChildren(FieldVector vector, VectorLayout layout) {
        List<FieldVector> children = vector.getChildrenFromFields();
        if (children.size() != layout.children().size()) {
            throw Corruption.unsupported("fields of one name inside of " + layout.name()
                    + "; start Java with -Darrow.struct.conflict.policy=CONFLICT_APPEND");
        }
        for (int i = 0; i < children.size(); i++) {
            checkChildren(children.get(i), layout.children().get(i));
        }
    }
}
