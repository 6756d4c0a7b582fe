/** English texts of the deposit page. */
export const depositEn = {};
