/** "+1 555-010-0199": North American numbers as people there write them, all others as they are. @param {string | null} number */
export const phone = (number) => (number ?? "").replace(/^\+1(\d{3})(\d{3})(\d{4})$/u, "+1 $1-$2-$3");
