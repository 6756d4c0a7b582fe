import '@fontsource-variable/noto-sans-jp/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
