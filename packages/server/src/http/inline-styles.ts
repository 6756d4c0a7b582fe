/**
 * Digests of the only style sheets that our pages may hold inline, as a policy names them: those that Observable Plot puts into each drawn plot,
 * its ramp and its swatches (in a row, in columns). Its texts are constants; the test beside this file computes them from the installed version.
 */
export const stylesOfPlots: readonly string[] = [
  "'sha256-jSYQUrW7J0b3jPqhZP9C2Xh1PyJKHKXd4s0fpGGKrww='",
  "'sha256-/jg3HOQ97BIOLIR7iXhepLJanBbw11P39q1Ne1E+6Jc='",
  "'sha256-rCZUQsEQJf1DmnfnMZmlj08XC7qbIZySA6bEtitbQ00='",
  "'sha256-gr1piGzv7W4aMcjDMKcjgg8AT05UNO4uGfMgGyc7Yi0='",
];
