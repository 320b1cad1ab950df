package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.TableName;

/**
 * A receipt as clients have it: {@code <sealed position>.<catalog>.<schema>.<table>}. All characters may stand in a path
 * as they are.
 *
 * @param sealed the position, see {@link Receipts}
 * @param table what the table was called when the rows were accepted
 */
record ReceiptText(String sealed, TableName table) {
    /** @throws io.headgate.model.RefusedException INVALID_PARAMETER if it has not the shape of one */
    static ReceiptText parse(String text) {
        if (text.length() <= Receipts.SEALED_CHARS || text.charAt(Receipts.SEALED_CHARS) != '.') {
            throw malformed(text);
        }
        String sealed = text.substring(0, Receipts.SEALED_CHARS);
        if (!sealed.chars().allMatch(ReceiptText::isBase64Url)) {
            throw malformed(text);
        }
        return new ReceiptText(sealed, TableName.parse(text.substring(Receipts.SEALED_CHARS + 1)));
    }

    private static boolean isBase64Url(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static RuntimeException malformed(String text) {
        return Refusal.invalid("'" + Excerpt.of(text)
                        + "' is no receipt: send back what an insert's header Headgate-Receipt said, as it was.")
                .asException();
    }

    @Override
    public String toString() {
        return sealed + "." + table;
    }
}
