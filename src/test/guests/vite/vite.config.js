export default { base: '/vite/' };
